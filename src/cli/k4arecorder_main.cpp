#include "cli/recorder.h"

int main(int argc, char** argv) {
  const auto parsed = genlock::cli::parse_recorder_options(argc, argv);
  return parsed.options ? genlock::cli::run_recorder(*parsed.options) : parsed.exit_code;
}
