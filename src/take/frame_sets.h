#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/capture.h"
#include "take/recordings.h"
#include "take/take_source.h"

// Frame sets: the frames of all units of a take that belong to one sync pulse (docs/frames.md).

namespace genlock::take {

/// Colour, depth and IR, by TrackKind.
inline constexpr std::size_t kImageTracks = 3;

inline std::array<std::optional<Image>*, kImageTracks> images_of(Capture& capture) {
  return {&capture.color, &capture.depth, &capture.ir};
}

/// "color", "depth", "ir".
inline std::string_view track_name(std::size_t track) {
  return recording::to_string(static_cast<recording::TrackKind>(track));
}

/// A frame that belongs to a pulse.
struct SetFrame {
  std::uint64_t frame = 0;  ///< number in its track, from 0; goes on over the parts of a split recording
  DeviceTime stamp;
  std::optional<HostTime> host;
  std::uint64_t bytes = 0;  ///< as it is stored
  bool outlier = false;     ///< stamped beside the stream's course, though nearest to this pulse
};

/// What one unit has of a pulse.
struct UnitFrames {
  std::array<std::optional<SetFrame>, kImageTracks> tracks;

  bool empty() const { return !tracks[0] && !tracks[1] && !tracks[2]; }
};

/// All that belongs to one pulse.
struct FrameSet {
  std::uint64_t number = 0;  ///< among the sets, from 0
  std::int64_t pulse = 0;    ///< as verify and the take number them
  std::vector<UnitFrames> units;
  std::size_t missing = 0;   ///< tracks that have no frame of this pulse
  std::size_t outliers = 0;  ///< frames

  /// Every track of every unit has a frame in its place.
  bool complete() const { return missing == 0 && outliers == 0; }
};

/// One unit of the sets.
struct SetUnit {
  std::string name;
  std::string serial;
  std::filesystem::path file;  ///< the first of a split recording
  struct Track {
    bool present = false;
    std::uint64_t frames = 0;
    std::uint64_t apart = 0;  ///< of these: in no set, as they belong to no pulse, or are the second of one
  };
  std::array<Track, kImageTracks> tracks;
  /// Frames to which the file gives another pulse than the stamps do, which are gone by.
  std::uint64_t renumbered = 0;
};

/// Which pulses have a set.
enum class SetRange : std::uint8_t {
  common,  ///< from the first to the last that all units cover
  all,     ///< from the first to the last of any frame
};

class UnitLoader;

/// The frame sets of a take: one for each pulse, whether or not a frame of it is there. Holds an index (40
/// bytes a frame) and the open files, not what is in them. One thread at a time.
///
///     GENLOCK_ASSIGN(FrameSets sets, FrameSets::open({"takes/0007"}));
///     for (const FrameSet& set : sets)
///       if (set.complete()) use(sets.load(set));
class FrameSets {
 public:
  /// The folder of a take, or one recording of each unit. Errc::invalid: their frames cannot be brought
  /// together, with the reason.
  static Result<FrameSets> open(const std::vector<std::filesystem::path>& given,
                                SetRange range = SetRange::common);
  FrameSets(FrameSets&&) noexcept;
  FrameSets& operator=(FrameSets&&) noexcept;
  ~FrameSets();

  const std::vector<SetUnit>& units() const { return units_; }

  /// What was given, and for a take its take.json.
  const TakeSource& source() const { return source_; }

  /// What verify says of the same files, but for damage to them.
  const sync::Report& report() const { return report_; }

  /// Damage to the files, what is left out, and that the take was to have more pulses than there are sets.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Of the reference, and so of all.
  FrameRate rate() const { return recordings_[report_.reference].unit.rate; }

  std::uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Of the set of that number.
  std::int64_t pulse_of(std::uint64_t number) const {
    return first_pulse_ + static_cast<std::int64_t>(number);
  }
  /// Nothing for a pulse that has no set.
  std::optional<std::uint64_t> number_of(std::int64_t pulse) const;

  /// `number` is less than size().
  FrameSet operator[](std::uint64_t number) const;

  /// The pulse of a frame by its stamp; nothing for one that belongs to none. The second frame of a stamp
  /// looks like the first.
  std::optional<std::int64_t> pulse_of(std::size_t unit, recording::TrackKind track, DeviceTime stamp) const;

  /// An input iterator that makes each set when it is asked for.
  class Iterator {
   public:
    using value_type = FrameSet;
    using reference = FrameSet;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const FrameSets& sets, std::uint64_t number) : sets_(&sets), number_(number) {}

    FrameSet operator*() const { return (*sets_)[number_]; }
    Iterator& operator++() {
      ++number_;
      return *this;
    }
    void operator++(int) { ++number_; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.number_ == b.number_; }

   private:
    const FrameSets* sets_ = nullptr;
    std::uint64_t number_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size_}; }

  /// The images of a set, one capture for each unit, empty where it has none. Sets that follow one another
  /// are read on in the files; others are sought. The error names the file.
  Result<std::vector<Capture>> load(const FrameSet& set);

  /// Seeks that load() has made so far in all files.
  std::uint64_t seeks() const;

  /// The reader of a unit's recording. load() moves it, and seeks once after it was asked for.
  recording::Reader& reader(std::size_t unit);

 private:
  /// A frame of the index.
  struct Placed {
    std::int64_t pulse = 0;
    DeviceTime stamp;
    HostTime host;
    std::uint32_t frame = 0;
    std::uint32_t bytes = 0;
    bool has_host = false;
    bool has_pulse = false;  ///< before it is placed: `pulse` is what the file says
    bool outlier = false;
  };
  using Track = std::vector<Placed>;  ///< pulses, frames and stamps rise
  using UnitIndex = std::array<Track, kImageTracks>;

  FrameSets(TakeSource source, std::vector<UnitRecording> recordings);
  Status read();
  void list(std::size_t unit, const recording::Survey& survey);
  Status check_comparable(const std::vector<sync::UnitPulses>& pulses) const;
  void place(std::size_t unit, const sync::UnitPulses& pulses);
  void place_observed(std::size_t unit, std::size_t track, const std::vector<sync::FramePulse>& pulses);
  void place_ir(std::size_t unit);
  void put(Track& placed, Placed frame, const sync::FramePulse& where, SetUnit& unit) const;
  Status set_range(SetRange range);
  std::optional<std::pair<std::int64_t, std::int64_t>> covered(SetRange range) const;

  TakeSource source_;
  std::vector<UnitRecording> recordings_;
  std::vector<std::unique_ptr<UnitLoader>> loaders_;
  std::vector<SetUnit> units_;
  std::vector<UnitIndex> index_;
  sync::Report report_;
  std::vector<std::string> notes_;
  std::int64_t first_pulse_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace genlock::take
