/* The types of libk4arecord.so.1.4 besides those of libk4a. */
#ifndef K4ARECORD_TYPES_H
#define K4ARECORD_TYPES_H

#include <k4a/k4atypes.h>

#ifdef __cplusplus
extern "C" {
#endif

K4A_DECLARE_HANDLE(k4a_record_t);              /* a recording being made */
K4A_DECLARE_HANDLE(k4a_playback_t);            /* a recording being read */
K4A_DECLARE_HANDLE(k4a_playback_data_block_t); /* data of a custom track */

/* The names of the tracks that captures and samples come from. */
#define K4A_TRACK_NAME_COLOR "COLOR"
#define K4A_TRACK_NAME_DEPTH "DEPTH"
#define K4A_TRACK_NAME_IR "IR"
#define K4A_TRACK_NAME_IMU "IMU"

/* What a read came to. */
typedef enum {
  K4A_STREAM_RESULT_SUCCEEDED = 0,
  K4A_STREAM_RESULT_FAILED = 1,
  K4A_STREAM_RESULT_EOF = 2, /* nothing more this way */
} k4a_stream_result_t;

/* What a seek's offset counts from. */
typedef enum {
  K4A_PLAYBACK_SEEK_BEGIN = 0,
  K4A_PLAYBACK_SEEK_END = 1,
  K4A_PLAYBACK_SEEK_DEVICE_TIME = 2, /* the unit's own clock, as in timestamps */
} k4a_playback_seek_origin_t;

/* What a recording was made with. */
typedef struct _k4a_record_configuration_t {
  k4a_image_format_t color_format; /* CUSTOM without a colour track */
  k4a_color_resolution_t color_resolution;
  k4a_depth_mode_t depth_mode;
  k4a_fps_t camera_fps;
  bool color_track_enabled;
  bool depth_track_enabled;
  bool ir_track_enabled;
  bool imu_track_enabled;
  int32_t depth_delay_off_color_usec;
  k4a_wired_sync_mode_t wired_sync_mode;
  uint32_t subordinate_delay_off_master_usec;
  uint32_t start_timestamp_offset_usec; /* device time of the file's beginning, its lower 32 bits */
} k4a_record_configuration_t;

typedef struct _k4a_record_video_settings_t {
  uint64_t width;
  uint64_t height;
  uint64_t frame_rate; /* in 1/s */
} k4a_record_video_settings_t;

typedef struct _k4a_record_subtitle_settings_t {
  /*
   * Several data go into one block, which keeps the time of the first and the last; those between come back
   * evenly spread. For data that come much more often than images.
   */
  bool high_freq_data;
} k4a_record_subtitle_settings_t;

#ifdef __cplusplus
}
#endif

#endif
