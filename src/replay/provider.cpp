#include "replay/provider.h"

#include <fmt/core.h>

#include "recording/reader.h"
#include "replay/backend.h"

namespace genlock::replay {

struct Provider::Unit {
  Recording recording;
  recording::RecordingInfo info;
  std::shared_ptr<std::atomic<bool>> in_use = std::make_shared<std::atomic<bool>>(false);
};

Recording recording_file(const std::filesystem::path& path) {
  return {.name = path.filename().string(),
          .open = [path] { return recording::Reader::open_recording(path); }};
}

Result<std::unique_ptr<Provider>> Provider::create(std::vector<Recording> recordings, Options options) {
  std::vector<std::unique_ptr<Unit>> units;
  for (Recording& recording : recordings) {
    GENLOCK_ASSIGN(const auto reader, open_reader(recording));
    units.push_back(std::make_unique<Unit>());
    units.back()->recording = std::move(recording);
    units.back()->info = reader->info();
  }
  return std::unique_ptr<Provider>(new Provider(std::move(units), options));
}

Provider::Provider(std::vector<std::unique_ptr<Unit>> units, Options options)
    : options_(options), units_(std::move(units)) {}

Provider::~Provider() = default;

std::string Provider::description() const {
  std::string text = "recordings";
  for (const auto& unit : units_) text += " " + unit->recording.name;
  return text;
}

Result<std::vector<device::UnitListing>> Provider::list() {
  std::vector<device::UnitListing> listing;
  for (const auto& unit : units_)
    listing.push_back({.index = static_cast<unsigned>(listing.size()),
                       .serial = unit->info.serial,
                       .name = unit->recording.name});
  return listing;
}

Result<std::unique_ptr<device::Device>> Provider::open(unsigned index) {
  if (index >= units_.size())
    return Error(Errc::not_found,
                 fmt::format("no unit with index {}: there are {} recordings", index, units_.size()));
  const Unit& unit = *units_[index];
  auto lease = Lease::take(unit.in_use);
  if (!lease) return Error(Errc::busy, fmt::format("recording {} is open already", unit.recording.name));
  GENLOCK_ASSIGN(auto reader, open_reader(unit.recording));
  auto backend =
      std::make_unique<ReplayBackend>(unit.recording, std::move(reader), *std::move(lease), options_);
  return std::make_unique<device::Device>(std::move(backend), *options_.clock);
}

const recording::RecordingInfo& Provider::info(unsigned index) const {
  return units_.at(index)->info;
}

}  // namespace genlock::replay
