#include "cli/program_end.h"
#include "cli/recorder.h"

int main(int argc, char** argv) {
  using namespace genlock::cli;
  const auto parsed = parse_recorder_options(argc, argv);
  return end_program(parsed.options ? run_recorder(*parsed.options) : parsed.exit_code);
}
