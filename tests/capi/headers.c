/* The headers are C: this file is compiled as C11 with every warning on. */
#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <k4arecord/record.h>

k4a_device_configuration_t disabled_configuration(void);
k4a_device_configuration_t disabled_configuration(void) {
  k4a_device_configuration_t config = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  return config;
}
