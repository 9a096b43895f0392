"""Sixty simulated nights: people join, edit their answers, cancel, decline and move, services fail; rules hold."""
