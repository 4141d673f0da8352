"""`make bench`: is the portal fast enough at a million matters?

**What is measured.** Pages go through Django's test client: the whole portal in one process, with its real
settings, middleware, session (Valkey), templates and the embedded PostgreSQL of a data folder of the bench's
own; no browser and no network. Each row takes `--samples` samples, after a warm-up, over people of many
townships, so that neither an id nor a page is asked for twice in a row. Every sample is followed by a
hand-written SQL that fetches the same rows (or writes as much), so that both feel the same machine.

**How a row is added** (dashboard, roll-up, import, …): put a module into `tests/bench/rows/` and mark a function
with `@bench(name, title, budget_ms)`. It gets a `Scene` (people, the moment, the database) and gives a `Pair`:
`ours(place)` does the work for sample number `place`, `by_hand(place)` the same by SQL, or None if there is
nothing to compare. Nothing else has to be told: modules of that folder are read in order of their names.
"""
