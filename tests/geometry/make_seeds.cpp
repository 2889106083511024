#include <cstdio>
#include <filesystem>

#include "blobs.h"
#include "damages.h"

// make_calibration_seeds FOLDER: the calibrations of real units, whole, with every kind of damage, and cut.

namespace genlock::geometry::testing {
namespace {

bool save(const std::filesystem::path& folder, const std::string& name, const std::string& blob) {
  return static_cast<bool>(std::ofstream(folder / name, std::ios::binary) << blob);
}

bool save_all(const std::filesystem::path& folder, const std::string& name) {
  const std::string blob = real_blob(name);
  bool saved = !blob.empty() && save(folder, name, blob) &&
               save(folder, name + ".cut", blob.substr(0, blob.size() / 2));
  int number = 0;
  for (const Damage& damage : kDamages) {
    ++number;
    if (const auto damaged = with_damage(blob, damage))
      saved = saved && save(folder, name + "." + std::to_string(number), *damaged);
  }
  return saved;
}

}  // namespace
}  // namespace genlock::geometry::testing

int main(int argc, char** argv) {
  using namespace genlock::geometry::testing;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  for (const char* name : kRealBlobs)
    if (!save_all(folder, name)) {
      std::fprintf(stderr, "make_calibration_seeds: cannot write the seeds of %s into %s\n", name, argv[1]);
      return 1;
    }
  return 0;
}
