#include "recording/block_walker.h"

namespace genlock::recording {

std::optional<StoredBlock> BlockWalker::next() {
  while (cluster_ || open_cluster()) {
    if (std::optional<StoredBlock> block = cluster_->next()) return block;
    segment_.skip_to(cluster_->position(), cluster_->damaged());
    cluster_.reset();
  }
  return std::nullopt;
}

bool BlockWalker::open_cluster() {
  while (const std::optional<mkv::FoundElement> found = segment_.next()) {
    if (found->id == mkv::ElementId::cues && !found->cut) saw_cues_ = true;
    if (found->id != mkv::ElementId::cluster) continue;
    cluster_.emplace(input_, *found, scale_ns_);
    return true;
  }
  return false;
}

}  // namespace genlock::recording
