"""Leave the compiled kernel where the workers load it from: twenty seconds of a core to compile."""

from matching.engine import Candidate, Opportunity, pack_candidates, pack_opportunities, rank
from matching.priors import PRIORS

if __name__ == "__main__":
    person = Candidate(id=1, modes=frozenset({"remote"}))
    role = Opportunity(id=1, hours_total=10, weeks=2)
    roles = pack_opportunities([role], priors=PRIORS)
    rank(pack_candidates([person]), roles, k=1, kernel="fast")
