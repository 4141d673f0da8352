"""What the nightly tasks wrote into the books of a generated dispute (夜间任务)."""
from datetime import timedelta

from ...registering import LONG_OPEN_DAYS, grade
from .rows import night_after


class Nights:
    """The part of `Books` that happens by itself: windows lapse, the colour follows age."""

    def pass_nights(self, until) -> None:
        """What the nightly tasks did meanwhile: windows lapse, the colour follows age."""
        for at, task in sorted(self._nightly(until), key=lambda pair: pair[0]):
            task(at)

    def _regrade(self, at) -> None:
        if self.is_open:
            self.grade, self.grade_rule = grade(self, at)

    def _nightly(self, until):
        if self._window_open:
            for clock in self.clocks:
                if clock["bearer"] == "window" and clock["state"] == "running":
                    night = night_after(clock["due_at"])
                    if night <= until:
                        yield night, lambda at, clock=clock: self._lapse(clock, at)
        if self.is_open and self.grade == "green":
            night = night_after(self.reported_at + timedelta(days=LONG_OPEN_DAYS))
            if night <= until:
                yield night, self._raise_for_age

    def _lapse(self, clock, at) -> None:
        data = {"clock": clock["id"], "rule": clock["rule"]}
        place = self._event("window_lapsed", at, None, data, acted_at=clock["due_at"])
        clock.update({"state": "lapsed", "stopped_at": clock["due_at"], "stopped_event": place})

    def _raise_for_age(self, at) -> None:
        before = self.grade
        self._regrade(at)
        data = {"grade": self.grade, "grade_before": before}
        self._event("grade_raised", at, None, data, changes=False)
