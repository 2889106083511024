#pragma once

#include <cstddef>
#include <string>
#include <vector>

// A bench and the rig file that fits it, as text.

namespace genlock::test {

/// How units of a rig get their pulses, on the bench and in the rig file.
enum class Wired { chain, star, trigger };

/// What is recorded on what. Lines are TOML; those of units go by the unit's place, and may be fewer than
/// units.
struct Stage {
  std::size_t units = 3;
  Wired wired = Wired::chain;
  double speed = 4;     ///< bench seconds per real second
  bool patient = true;  ///< the bench waits for its readers, else it runs as time does
  /// Real seconds that it waits for one that does not read at all. The usual is longer than a loaded
  /// machine's disk stands still, and than a sanitizer takes to start a process.
  int patience_s = 20;
  std::string images = "flat";
  std::string bench_lines = {};
  std::vector<std::string> bench_units = {};
  std::vector<std::string> bench_hosts = {};  ///< one host each; none: all units are on one without limits
  std::string camera = "color_resolution = \"720P\"\ndepth_mode = \"NFOV_2X2BINNED\"\n";
  std::string rig_lines = {};  ///< tables of the rig file but for those of units
  std::vector<std::string> rig_units = {};
};

/// "master", "sub1", "sub2" ...; "sub0" where a generator triggers all.
std::string unit_name(const Stage& stage, std::size_t unit);

std::string bench_text(const Stage& stage);
std::string rig_text(const Stage& stage);

}  // namespace genlock::test
