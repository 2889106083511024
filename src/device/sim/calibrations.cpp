#include "device/sim/calibrations.h"

#include <fmt/format.h>

#include <vector>

#include "base/bytes.h"
#include "device/sim/embedded_calibrations.h"
#include "geometry/calibration.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint64_t kLargest = 1'000'000;  ///< real ones have 4 to 10 kB

Result<Buffer> read_blob(const std::string& path) {
  GENLOCK_ASSIGN(const auto source, open_file(path));
  if (source->size() > kLargest) return Error(Errc::corrupt, path + " is too large for a calibration");
  std::vector<std::byte> bytes(source->size());
  GENLOCK_ASSIGN(const std::size_t read, source->read_at(0, bytes));
  bytes.resize(read);
  return Buffer::from_vector(std::move(bytes));
}

}  // namespace

ByteSpan builtin_calibration(std::string_view name) {
  const auto embedded = embedded_calibrations();
  constexpr std::string_view kPrefix = "builtin:";
  if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + 1) return {};
  const auto number = static_cast<std::size_t>(name.back() - '1');
  return number < embedded.size() ? embedded[number] : ByteSpan();
}

Result<Buffer> load_calibration(const UnitConfig& unit) {
  const ByteSpan builtin = builtin_calibration(unit.calibration);
  auto blob =
      builtin.empty() ? read_blob(unit.calibration) : Result<Buffer>(Buffer::shared(nullptr, builtin));
  GENLOCK_ASSIGN(Buffer bytes, std::move(blob));
  GENLOCK_TRY(
      geometry::parse_calibration(bytes.bytes()).context(fmt::format("calibration {}", unit.calibration)));
  return bytes;
}

}  // namespace genlock::device::sim
