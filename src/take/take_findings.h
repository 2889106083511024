#pragma once

#include "sync/report.h"
#include "take/holes.h"
#include "take/take_source.h"

namespace genlock::take {

/// Adds to a report what the files show and the stamps do not. Findings stay in order of severity.
void add_finding(sync::Report& report, sync::Finding finding);

/// What is damaged of a unit's recording; nothing without problems.
void tell_damage(sync::Report& report, std::size_t unit, const std::filesystem::path& file,
                 const std::vector<std::string>& problems);

/// What a take.json says that its folder does not have, or not so, and that it has not ended.
void tell_take(sync::Report& report, const TakeSource& source);

/// That a unit's recording ends before the take's last pulse, or begins after its first, and why as far as
/// take.json knows. `recorded` is what the recorder's pulse numbers in the recording span.
void tell_short(sync::Report& report, std::size_t unit, const Take& take, const PulseSpan& recorded);

/// The source without recordings that are not there. Errc::not_found where none is left.
Result<TakeSource> without_missing_files(TakeSource source);

}  // namespace genlock::take
