#pragma once

#include "base/clock.h"
#include "device/k4a/library.h"

namespace genlock::device::k4a {

/// The clock that the units of a library live in: the system's; with Genlock's library that of its bench,
/// which may run faster than time. Waits return early there, so that its pace need not be known.
class LibraryClock final : public Clock {
 public:
  explicit LibraryClock(const Library& library) : own_(library.api().genlock) {}

  HostTime now() const override;
  WallTime wall_now() const override;
  void wait(CondVar& condition, Mutex& mutex, HostTime deadline) override GENLOCK_REQUIRES(mutex);

 private:
  const GenlockFunctions own_;
};

/// Lives as long as the library does.
Clock& clock_of(Library& library);

}  // namespace genlock::device::k4a
