"""The front before the web workers (前置缓冲): takes requests whole, within limits, and hands them on.

A web worker is given a request only once all of it is there, and is free again as soon as its answer is written,
however slowly the other side sends or reads. What is too big is refused before it is read. Needs nothing but h11; a
portal with an nginx of its own (docs/deploy.md) does without it.
"""
