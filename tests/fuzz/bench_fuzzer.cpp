#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "device/sim/bench_config.h"

// Whatever text comes: parse_bench answers, an error says something, and what it accepts is valid.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace genlock::device::sim;
  const auto config = parse_bench({reinterpret_cast<const char*>(data), size}, "bench.toml");
  if (!config && config.error().message().empty()) std::abort();
  if (config && !validate(*config)) std::abort();
  return 0;
}
