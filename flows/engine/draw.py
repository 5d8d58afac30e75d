"""A flow as a Mermaid diagram."""

from flows.engine.state import Flow

_ENDS = {".": "[*]", "!": "person"}


def draw(flow: Flow) -> str:
    """`stateDiagram-v2` of the flow's states and where they lead."""
    rows = [
        "stateDiagram-v2",
        f"    %% {flow.name}@{flow.version}{' (private)' if flow.private else ''}",
        f"    [*] --> {next(iter(flow.states))}",
    ]
    for state, goes in flow.goes.items():
        rows += [f"    {state} --> {_ENDS.get(target, target.replace('@', 'flow_'))}" for target in goes]
    return "\n".join(rows)
