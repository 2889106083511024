#include "cli/rig_world.h"

#include "cli/unit_process.h"
#include "session/process_session.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

using Made = Result<std::unique_ptr<session::Session>>;

RigWorld isolated(const RecordRigRequest& request) {
  auto log = std::make_shared<LogRelay>();
  const auto make = [&request, log](std::size_t, const rig::RigUnit& unit, session::EventSink sink) -> Made {
    const UnitProcessRequest process{request.units, unit.name, request.buffer_mb};
    GENLOCK_ASSIGN(auto session, session::ProcessSession::start(
                                     {.command = unit_process_command(process),
                                      .name = unit.name,
                                      .on_line = [log](const std::string& line) { log->print(line); }},
                                     sink));
    return std::unique_ptr<session::Session>(std::move(session));
  };
  return {.units = nullptr, .make = make, .log = std::move(log), .clock = &system_clock()};
}

}  // namespace

Result<RigWorld> rig_world(const RecordRigRequest& request, rig::Isolation isolation) {
  if (isolation == rig::Isolation::process) return isolated(request);
  GENLOCK_ASSIGN(auto units, choose_units(request.units));
  const auto make = [&request, provider = units.get()](std::size_t, const rig::RigUnit& unit,
                                                       session::EventSink sink) -> Made {
    const session::SessionOptions options{.name = unit.name,
                                          .max_queued_bytes = request.buffer_mb * 1'000'000};
    return std::unique_ptr<session::Session>(
        std::make_unique<session::UnitSession>(*provider, std::move(sink), options));
  };
  Clock& clock = units->clock();
  return RigWorld{
      .units = std::move(units), .make = make, .log = std::make_shared<LogRelay>(), .clock = &clock};
}

}  // namespace genlock::cli
