#include "suite.h"

namespace genlock::conformance {

std::vector<BackendCase> all_backends() {
  return {sim_backend(), disciplined_sim_backend(), replay_backend(), k4a_backend()};
}

INSTANTIATE_TEST_SUITE_P(Backends, Conformance, testing::ValuesIn(all_backends()), name_of_backend);

}  // namespace genlock::conformance
