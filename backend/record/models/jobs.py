"""When the jobs that run every few minutes were last at work."""

from __future__ import annotations

from django.db import models

from backend.record.models.people import Program


class JobPass(models.Model):
    """The last pass of one job for a program. `at`: the present it went by; `outcome`: counts by name."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="job_passes")
    job = models.CharField(max_length=20)
    at = models.DateTimeField()
    outcome = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "job passes"
        ordering = ("job",)
        constraints = (models.UniqueConstraint(fields=("program", "job"), name="job_pass_once"),)

    def __str__(self) -> str:
        return f"{self.job} at {self.at:%Y-%m-%d %H:%M}"
