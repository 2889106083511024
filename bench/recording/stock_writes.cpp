#include "oracle/stock_library.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

double seconds_since(HostTime start) {
  return std::chrono::duration<double>(system_clock().now() - start).count();
}

Result<test::StockRecorder> create(const std::filesystem::path& file) {
  if (const auto missing = test::stock_library_missing()) return Error(Errc::not_found, *missing);
  return test::StockRecorder::create(file, Load::config(), true);
}

}  // namespace

Result<Work> write_stock(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  const HostTime start = system_clock().now();
  {
    GENLOCK_ASSIGN(test::StockRecorder recorder, create(file));
    for (std::size_t i = 0; i < captures; ++i) {
      const Capture capture = load.capture(i);
      GENLOCK_TRY(recorder.write(test::StockCapture(capture)));
      for (const ImuSample& sample : load.imu(i)) GENLOCK_TRY(recorder.write(sample));
    }
    GENLOCK_TRY(recorder.flush());
  }
  return Work{seconds_since(start), {}};
}

Result<Work> pace_stock(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  GENLOCK_ASSIGN(test::StockRecorder recorder, create(file));
  CameraMemory camera(load);
  PacedCalls calls;
  const HostTime start = system_clock().now();
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture capture = camera.capture(i);
    const test::StockCapture prepared(capture);
    const auto imu = load.imu(i);
    wait_for_frame(start, i);
    GENLOCK_TRY(calls.time([&] { return recorder.write(prepared); }));
    for (const ImuSample& sample : imu) GENLOCK_TRY(recorder.write(sample));
  }
  GENLOCK_TRY(recorder.flush());
  return Work{seconds_since(start), calls.take()};
}

}  // namespace genlock::bench
