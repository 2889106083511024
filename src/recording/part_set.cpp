#include "recording/part_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace genlock::recording {
namespace {

namespace fs = std::filesystem;

/// Files of a folder that are looked at in search of a part.
constexpr std::size_t kMostFiles = 10'000;

Result<std::unique_ptr<Part>> open_part(const fs::path& file) {
  GENLOCK_ASSIGN(auto source, open_file(file));
  return Part::open(std::move(source), file).context(file.string());
}

const PartIdentity& identity_of(const Part& part) {
  return part.layout.info.identity;
}

/// The first part's name by the name of another.
fs::path first_name(const Part& part) {
  const std::string stem = part.path.stem().string();
  const std::string ending = fmt::format("-part{}", identity_of(part).part);
  if (identity_of(part).part < 2 || !stem.ends_with(ending)) return part.path;
  const std::string base = stem.substr(0, stem.size() - ending.size());
  return part.path.parent_path() / (base + part.path.extension().string());
}

class Collector {
 public:
  explicit Collector(std::unique_ptr<Part> given)
      : clock_id_(identity_of(*given).clock_id), folder_(given->path.parent_path()) {
    const fs::path first = first_name(*given);
    add(std::move(given));
    if (clock_id_.empty()) return;
    look_for_names(first);
    if (!complete()) look_into_folder();
  }

  PartSet finish() && {
    PartSet set;
    set.problems = std::move(problems_);
    std::uint32_t expected = 1;
    for (auto& [number, part] : parts_) {
      if (number > expected) set.problems.push_back(missing(expected, number - 1));
      if (!set.parts.empty() && number == expected) check_link(*set.parts.back(), *part, set.problems);
      expected = number + 1;
      set.parts.push_back(std::move(part));
    }
    if (set.parts.back()->contents.next_uid) set.problems.push_back(missing(expected, expected));
    return set;
  }

 private:
  bool add(std::unique_ptr<Part> part) {
    const std::uint32_t number = identity_of(*part).part;
    const auto [place, is_new] = parts_.try_emplace(number, std::move(part));
    return is_new;
  }

  /// False if there is no such file, or it is none of this recording.
  bool try_add(const fs::path& file, bool by_name) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return false;
    for (const auto& [number, part] : parts_)
      if (fs::equivalent(part->path, file, error)) return true;
    Result<std::unique_ptr<Part>> part = open_part(file);
    if (!part && by_name) problems_.push_back(part.error().message());
    if (!part || identity_of(**part).clock_id != clock_id_) return false;
    if (!add(*std::move(part)))
      problems_.push_back(
          fmt::format("{} is left out: another file is the same part of this recording", file.string()));
    return true;
  }

  void look_for_names(const fs::path& first) {
    const std::uint32_t given = parts_.begin()->first;
    for (std::uint32_t number = 1; number < kMostFiles; ++number)
      if (!try_add(part_name(first, number), true) && number > given) return;
  }

  bool complete() const {
    return parts_.rbegin()->first == parts_.size() && !parts_.rbegin()->second->contents.next_uid;
  }

  void look_into_folder() {
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator at(folder_.empty() ? "." : folder_, error), end; !error && at != end;
         at.increment(error))
      if (at->path().extension() == ".mkv" && ++files <= kMostFiles) (void)try_add(at->path(), false);
  }

  std::string missing(std::uint32_t from, std::uint32_t to) const {
    const std::string which =
        from == to ? fmt::format("part {}", from) : fmt::format("parts {} to {}", from, to);
    return fmt::format("{} of this recording: no file in {}", which,
                       folder_.empty() ? "." : folder_.string());
  }

  static void check_link(const Part& before, const Part& part, std::vector<std::string>& problems) {
    if (before.contents.uid && part.contents.previous_uid &&
        before.contents.uid != part.contents.previous_uid)
      problems.push_back(
          fmt::format("{} does not continue {} by its link, but is the next part by its number",
                      part.path.string(), before.path.string()));
  }

  const std::string clock_id_;
  const fs::path folder_;
  std::map<std::uint32_t, std::unique_ptr<Part>> parts_;  ///< by number
  std::vector<std::string> problems_;
};

}  // namespace

fs::path part_name(const fs::path& first, std::uint32_t part) {
  if (part < 2) return first;
  return first.parent_path() /
         fmt::format("{}-part{}{}", first.stem().string(), part, first.extension().string());
}

Result<PartSet> open_parts(const fs::path& file) {
  GENLOCK_ASSIGN(auto given, open_part(file));
  return Collector(std::move(given)).finish();
}

}  // namespace genlock::recording
