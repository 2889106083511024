#include "recording/rivals.h"
#include "recording/slow_file.h"

namespace genlock::bench {
namespace {

Result<std::unique_ptr<recording::Writer>> create(const std::filesystem::path& file,
                                                  recording::WriterOptions options) {
  GENLOCK_ASSIGN(auto sink, create_file(file, IfExists::replace));
  return recording::Writer::create(std::move(sink), Load::info(), std::move(options));
}

double seconds_since(HostTime start) {
  return std::chrono::duration<double>(system_clock().now() - start).count();
}

/// `make(i)` gives capture i.
template <class Make>
Result<Work> write_all(const std::filesystem::path& file, const Load& load, std::size_t captures,
                       const recording::WriterOptions& options, Make make) {
  const HostTime start = system_clock().now();
  GENLOCK_ASSIGN(const auto writer, create(file, options));
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture capture = make(i);
    const auto imu = load.imu(i);
    (void)writer->wait_for_room(bytes_of(capture) + 10'000, kNoDeadline);
    GENLOCK_TRY(writer->write(capture));
    GENLOCK_TRY(writer->write(imu));
  }
  GENLOCK_TRY(writer->close());
  return Work{seconds_since(start), {}};
}

}  // namespace

Result<Work> write_ours(const std::filesystem::path& file, const Load& load, std::size_t captures,
                        const recording::WriterOptions& options) {
  return write_all(file, load, captures, options, [&](std::size_t i) { return load.capture(i); });
}

Result<Work> write_ours_fresh(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  CameraMemory camera(load);
  return write_all(file, load, captures, {}, [&](std::size_t i) { return camera.capture(i); });
}

Result<Work> pace_ours_slowly(const std::filesystem::path& file, const Load& load, std::size_t captures,
                              double bytes_per_second) {
  GENLOCK_ASSIGN(auto sink, create_slow_file(file, bytes_per_second));
  GENLOCK_ASSIGN(const auto writer, recording::Writer::create(std::move(sink), Load::info(), {}));
  CameraMemory camera(load);
  const HostTime start = system_clock().now();
  for (std::size_t i = 0; i < captures; ++i) {
    wait_for_frame(start, i);
    (void)writer->write(camera.capture(i));
    (void)writer->write(load.imu(i));
  }
  GENLOCK_TRY(writer->close());
  return Work{seconds_since(start), {static_cast<double>(writer->counters().depth.refused)}};
}

Result<Work> pace_ours(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  GENLOCK_ASSIGN(const auto writer, create(file, {}));
  CameraMemory camera(load);
  PacedCalls calls;
  const HostTime start = system_clock().now();
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture capture = camera.capture(i);
    const auto imu = load.imu(i);
    wait_for_frame(start, i);
    GENLOCK_TRY(calls.time([&] { return writer->write(capture); }));
    GENLOCK_TRY(writer->write(imu));
  }
  GENLOCK_TRY(writer->close());
  return Work{seconds_since(start), calls.take()};
}

}  // namespace genlock::bench
