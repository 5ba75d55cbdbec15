"""The whole of Foyer on one machine: `python -m infra.local`.

What AWS does around the application's functions is done here by one process: API Gateway
(`gateway`), EventBridge (`clock`), the stream's event source mapping (`stream`) and the engines
that keep the data (`engines`), beside pages of its own (`pages`) and a first look (`demo`). See
docs/local.md and docs/decisions/0003-one-machine.md.
"""
