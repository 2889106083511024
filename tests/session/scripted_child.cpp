#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "session/child_process.h"
#include "session/line_socket.h"
#include "session/wire.h"

// The other process of a ProcessSession, by the book or not, as its first word says.

namespace genlock::session {
namespace {

void send(LineSocket& socket, const Message& message) {
  static_cast<void>(socket.send(to_json(message)).has_value());
}

void tell_of_a_recording(LineSocket& socket) {
  send(socket, Event(Started{}));
  send(socket, Event(RecordingStarted{"took.mkv", device_time_us(7), "buffered"}));
  send(socket, Event(Progress{device_us(1'000'000), {{StreamKind::color, 30, 1, 0}}, 5, 6}));
}

int obey(LineSocket& socket, std::string_view how) {
  while (true) {
    const auto line = socket.receive(HostDuration(-1));
    if (!line) return 7;
    const auto command = command_from_json(**line);
    if (how == "silent") continue;
    if (how == "babble") return socket.send("what?") ? obey(socket, "silent") : 7;
    if (!command || std::holds_alternative<StopRecording>(*command)) {
      send(socket, Reply(Failed{Errc::busy, "not now"}));
      continue;
    }
    if (std::holds_alternative<Start>(*command)) {
      tell_of_a_recording(socket);
      if (how == "die") std::raise(SIGKILL);
    }
    if (how == "hasty" && std::holds_alternative<Record>(*command)) tell_of_a_recording(socket);
    send(socket, Reply(Done{}));
    if (how == "hasty" && std::holds_alternative<Record>(*command)) return 3;
  }
}

}  // namespace
}  // namespace genlock::session

int main(int, char** argv) {
  using namespace genlock::session;
  if (std::string_view(argv[1]) == "chatty") {
    std::fputs("one\ntwo\n", stdout);
    std::fflush(stdout);
    std::fputs((std::string(5000, 'x') + "\nthree").c_str(), stderr);
  }
  LineSocket socket{genlock::UniqueFd(ChildProcess::kInherited)};
  return obey(socket, argv[1]);
}
