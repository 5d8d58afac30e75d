"""Every kind of governed text, by its name."""

from collections.abc import Mapping

from bot.revisions import policy, strategy, topics, wording
from bot.revisions.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (strategy.KIND, policy.KIND, topics.KIND, wording.KIND)
}
