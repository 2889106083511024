// Whatever text comes as a take.json: an error says something, or it is understood, and what is saved of it
// is read back as the same.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz_support.h"
#include "take/take_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace genlock;
  const auto take = take::parse_take({reinterpret_cast<const char*>(data), size}, "take.json");
  if (!take) {
    fuzz::require(!take.error().message().empty());
    return 0;
  }
  for (const take::TakenUnit& unit : take->units)
    for (const take::RecordedFile& file : unit.files) fuzz::require(file.name.find('/') == std::string::npos);
  const std::string saved = take::take_json(*take);
  const auto again = take::parse_take(saved, "take.json");
  fuzz::require(again.has_value());
  fuzz::require(take::take_json(*again) == saved);
  return 0;
}
