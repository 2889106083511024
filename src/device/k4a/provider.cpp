#include "device/k4a/provider.h"

#include <fmt/format.h>

#include "device/k4a/k4a_backend.h"
#include "device/k4a/library_clock.h"

namespace genlock::device::k4a {
namespace {

class LibraryProvider final : public Provider {
 public:
  LibraryProvider(Library& library, const CallLimits& limits)
      : library_(library), clock_(clock_of(library)), limits_(limits) {}

  std::string backend() const override { return "k4a"; }

  std::string description() const override {
    return fmt::format("{}'s libk4a, {}", to_string(library_.vendor()), library_.file().string());
  }

  Result<std::vector<UnitListing>> list() override {
    GENLOCK_ASSIGN(const std::uint32_t count,
                   calls_.run<std::uint32_t>("counting the units", limits_.command,
                                             [&library = library_]() -> Result<std::uint32_t> {
                                               return library.api().device_get_installed_count();
                                             }));
    std::vector<UnitListing> listing(count);
    for (unsigned index = 0; index < count; ++index) listing[index].index = index;
    return listing;
  }

  Result<std::unique_ptr<Device>> open(unsigned index) override {
    GENLOCK_ASSIGN(auto backend, K4aBackend::open(library_, index, clock_, limits_));
    return std::make_unique<Device>(std::move(backend), clock_);
  }

  Clock& clock() override { return clock_; }

 private:
  Library& library_;
  Clock& clock_;
  const CallLimits limits_;
  CallThread calls_{"k4a list"};
};

}  // namespace

Result<std::unique_ptr<Provider>> open_library(const LibraryOptions& options) {
  GENLOCK_ASSIGN(Library * library, Library::load(options.path));
  return make_provider(*library, options.limits);
}

std::unique_ptr<Provider> make_provider(Library& library, const CallLimits& limits) {
  return std::make_unique<LibraryProvider>(library, limits);
}

}  // namespace genlock::device::k4a
