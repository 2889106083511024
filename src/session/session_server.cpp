#include "session/session_server.h"

#include "base/thread.h"
#include "session/outbox.h"

namespace genlock::session {
namespace {

using FindUnits = std::function<Result<std::unique_ptr<device::Provider>>()>;

void send_messages(Outbox& outbox, LineSocket& socket) {
  while (true) {
    const auto message = outbox.next(kAliveEvery);
    if (!message && outbox.closed()) return;
    if (!socket.send(to_json(message.value_or(Message(Reply(Alive{})))))) return;  // the receiver sees it too
  }
}

/// The unit's session, made with the first command.
class Served {
 public:
  Served(const FindUnits& find_units, EventSink sink, const SessionOptions& options)
      : find_units_(find_units), sink_(std::move(sink)), options_(options) {}

  Status execute(const Command& command) {
    if (!units_) {
      GENLOCK_ASSIGN(units_, find_units_());
      session_ = std::make_unique<UnitSession>(*units_, sink_, options_);
    }
    return session_->execute(command);
  }

 private:
  const FindUnits& find_units_;
  const EventSink sink_;
  const SessionOptions& options_;
  std::unique_ptr<device::Provider> units_;
  std::unique_ptr<UnitSession> session_;
};

Reply reply_to(Status done) {
  if (done) return Done{};
  return Failed{done.error().code(), done.error().message()};
}

Status serve_commands(LineSocket& socket, Served& served, Outbox& outbox) {
  while (true) {
    auto line = socket.receive(HostDuration(-1));
    if (!line && line.error().code() == Errc::disconnected) return {};
    if (!line) return line.error();
    const auto command = command_from_json(line->value_or(""));
    outbox.push(reply_to(command ? served.execute(*command) : command.error()));
  }
}

}  // namespace

Status serve_session(LineSocket& socket, const FindUnits& find_units, const SessionOptions& options,
                     const EventSink& observer) {
  Outbox outbox;
  Thread sender("events", [&] { send_messages(outbox, socket); });
  Status served;
  {
    Served unit(
        find_units,
        [&](const Event& event) {
          if (observer) observer(event);
          outbox.push(event);
        },
        options);
    served = serve_commands(socket, unit, outbox);
  }
  outbox.close();
  sender.join();
  return served;
}

}  // namespace genlock::session
