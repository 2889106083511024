#pragma once

#include <vector>

#include "damage.h"
#include "recording/metadata.h"
#include "recording/repair.h"
#include "support/recording_support.h"

// What tests of repair share: files to be repaired, and what a repaired one must be.

namespace genlock::recording {

struct Repaired {
  test::Bytes file;
  RepairReport report;
};

/// Repaired into another file.
Repaired repair(const test::Bytes& damaged);

test::Playback play(const test::Bytes& file);

/// By our rules, those of the stock reader, and what our reader says.
void expect_complete(const test::Bytes& file);

void expect_same_data(const test::Playback& got, const test::Playback& wanted);

/// A recording of 60 captures, closed, and the same as a kill leaves it.
const test::Bytes& whole();
const test::Bytes& unfinished();

/// Clusters that the GENLOCK blocks of a file tell of, in order.
std::vector<ClusterRecord> index_of(const test::Bytes& file);

/// It tells of every cluster but those from the last GENLOCK block on, which are few.
void expect_whole_index(const test::Bytes& file);

}  // namespace genlock::recording
