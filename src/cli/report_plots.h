#pragma once

#include <string>

#include "sync/report.h"

// The plots of report.html, each as a figure of HTML; empty where the report has nothing to draw.

namespace genlock::cli {

/// Errors second by second, a panel for each unit, over the tolerance.
std::string offset_plots(const sync::Report& report);

/// How often each error came, by ticks.
std::string histogram_plots(const sync::Report& report);

/// Which pulses each stream has frames of, with its gaps, and the span that all have.
std::string timeline_plot(const sync::Report& report);

/// How far the units' clocks drift apart.
std::string drift_plot(const sync::Report& report);

/// Every unit against every other.
std::string pair_table(const sync::Report& report);

}  // namespace genlock::cli
