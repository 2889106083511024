#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "rig/rig.h"
#include "take/judge_files.h"
#include "take/take_file.h"

// What to do with a take that has ended.

namespace genlock::rig {

/// verify's judgement of a take's files, with the pulses that they lack.
Result<take::JudgedTake> judge_recorded(const std::filesystem::path& folder, const take::Take& take,
                                        const Rig& rig);

/// "KEEP" where every unit has every frame of every pulse of the take, all in sync, and nothing was lost on
/// the host, with what verify warns of ("KEEP, but look at sub2: exposure changed from pulse 96 on"); else
/// "RETAKE: " and why, with units, pulses and frames. `judged` is judge_recorded() of it.
std::string advise(const take::Take& take, const Result<take::JudgedTake>& judged);

}  // namespace genlock::rig
