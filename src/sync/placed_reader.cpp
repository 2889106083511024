#include "sync/placed_reader.h"

namespace genlock::sync {

const std::optional<PlacedFrame>& PlacedReader::front() {
  while (!front_) {
    const auto read = reader_.next();
    if (!read) break;
    const NumberedFrame& f = line_->frames()[read->frame];
    if (read->place == Place::good) front_ = PlacedFrame{f.stamp, f.number + shift_, f.half_exposure_us};
  }
  return front_;
}

}  // namespace genlock::sync
