"""The engine for what no flow can say: long sessions, buffers, several sessions a student."""
