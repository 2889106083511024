// official_reader FILE...: a line "read ..." for each file of what the official library reads in it:
// captures, images of colour, depth and IR, IMU samples. Exit code 3 if the library is not there.

#include <cstdio>

#include "oracle/stock_library.h"
#include "oracle/stock_reader.h"

int main(int argc, char** argv) {
  using namespace genlock;
  if (const auto reason = test::stock_library_missing()) {
    std::fprintf(stderr, "%s\n", reason->c_str());
    return 3;
  }
  for (int i = 1; i < argc; ++i) {
    const Result<test::StockPlayback> played = test::stock_play(argv[i]);
    if (!played) {
      std::fprintf(stderr, "%s: %s\n", argv[i], played.error().message().c_str());
      return 1;
    }
    int color = 0, depth = 0, ir = 0;
    for (const Capture& capture : played->captures) {
      color += capture.color.has_value();
      depth += capture.depth.has_value();
      ir += capture.ir.has_value();
    }
    std::printf("read %zu %d %d %d %zu\n", played->captures.size(), color, depth, ir, played->imu.size());
  }
}
