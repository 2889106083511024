#pragma once

#include <k4a/k4a.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

// A libk4a.so.1.4 that does what real ones do badly, for tests of those who call it. Its units give frames at
// once, without end. What goes wrong is said in words: by the environment (ODD_K4A) when it is loaded, later
// by odd_behave(). Words are "key" or "key=value"; each is explained where it is asked for.

namespace odd {

/// Whether this build is of Orbbec's kind.
#ifdef ODD_ORBBEC
inline constexpr bool kOrbbec = true;
#else
inline constexpr bool kOrbbec = false;
#endif

/// The value of a word; nothing if it was not said, "" if it has none. Any thread.
std::optional<std::string> word(const std::string& key);
bool said(const std::string& key, const std::string& value);
int number(const std::string& key, int otherwise);

/// A line to the program's handler, if it set one.
void say(k4a_log_level_t level, const std::string& text);

/// Returns when odd_release() is called, in practice never.
void hang();

/// Returns after so much time, or when odd_release() is called.
void linger(int ms);

/// One that the caller owns. `frame` numbers the frames of a start.
k4a_capture_t make_capture(const k4a_device_configuration_t& config, int frame);

}  // namespace odd

extern "C" {
K4A_EXPORT void odd_behave(const char* words);
K4A_EXPORT void odd_release(void);     ///< ends all that hangs
K4A_EXPORT int odd_hanging(void);      ///< calls that hang now
K4A_EXPORT int odd_live_images(void);  ///< images that somebody still holds
K4A_EXPORT int odd_open_units(void);
K4A_EXPORT int odd_closed_units(void);  ///< since the library was loaded
}
