/* The types of libk4a.so.1.4: every value, size and offset is part of the binary interface. */
#ifndef K4ATYPES_H
#define K4ATYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Handles. Null means no handle. Each is a type of its own so that the compiler tells them apart; what they
 * point to is the library's secret and must not be read.
 */
#define K4A_DECLARE_HANDLE(name) \
  typedef struct _##name {       \
    size_t _reserved;            \
  } * name

K4A_DECLARE_HANDLE(k4a_device_t);         /* an open unit */
K4A_DECLARE_HANDLE(k4a_capture_t);        /* the images of a unit that belong together */
K4A_DECLARE_HANDLE(k4a_image_t);          /* one image */
K4A_DECLARE_HANDLE(k4a_transformation_t); /* a calibration made ready for whole images */

/* What a call came to. */
typedef enum {
  K4A_RESULT_SUCCEEDED = 0,
  K4A_RESULT_FAILED = 1,
} k4a_result_t;

/* The same of a call that fills a caller's buffer. */
typedef enum {
  K4A_BUFFER_RESULT_SUCCEEDED = 0,
  K4A_BUFFER_RESULT_FAILED = 1,
  K4A_BUFFER_RESULT_TOO_SMALL = 2, /* the size that is needed has been written */
} k4a_buffer_result_t;

/* The same of a call that may wait. */
typedef enum {
  K4A_WAIT_RESULT_SUCCEEDED = 0,
  K4A_WAIT_RESULT_FAILED = 1,
  K4A_WAIT_RESULT_TIMEOUT = 2,
} k4a_wait_result_t;

#define K4A_SUCCEEDED(result) ((result) == K4A_RESULT_SUCCEEDED)
#define K4A_FAILED(result) (!K4A_SUCCEEDED(result))

/* Worst first. A limit lets its own level and all worse ones through. */
typedef enum {
  K4A_LOG_LEVEL_CRITICAL = 0,
  K4A_LOG_LEVEL_ERROR = 1,
  K4A_LOG_LEVEL_WARNING = 2,
  K4A_LOG_LEVEL_INFO = 3,
  K4A_LOG_LEVEL_TRACE = 4,
  K4A_LOG_LEVEL_OFF = 5,
} k4a_log_level_t;

/* Comments give the image size and the widest field of view. */
typedef enum {
  K4A_DEPTH_MODE_OFF = 0,
  K4A_DEPTH_MODE_NFOV_2X2BINNED = 1, /* 320x288 */
  K4A_DEPTH_MODE_NFOV_UNBINNED = 2,  /* 640x576 */
  K4A_DEPTH_MODE_WFOV_2X2BINNED = 3, /* 512x512 */
  K4A_DEPTH_MODE_WFOV_UNBINNED = 4,  /* 1024x1024, at most 15 fps */
  K4A_DEPTH_MODE_PASSIVE_IR = 5,     /* 1024x1024, IR images only */
} k4a_depth_mode_t;

typedef enum {
  K4A_COLOR_RESOLUTION_OFF = 0,
  K4A_COLOR_RESOLUTION_720P = 1,  /* 1280x720 */
  K4A_COLOR_RESOLUTION_1080P = 2, /* 1920x1080 */
  K4A_COLOR_RESOLUTION_1440P = 3, /* 2560x1440 */
  K4A_COLOR_RESOLUTION_1536P = 4, /* 2048x1536 */
  K4A_COLOR_RESOLUTION_2160P = 5, /* 3840x2160 */
  K4A_COLOR_RESOLUTION_3072P = 6, /* 4096x3072, at most 15 fps */
} k4a_color_resolution_t;

/* How pixels lie in memory. 16-bit values are little-endian. */
typedef enum {
  K4A_IMAGE_FORMAT_COLOR_MJPG = 0,   /* one JPEG a frame; stride 0 */
  K4A_IMAGE_FORMAT_COLOR_NV12 = 1,   /* a plane of Y, then half as many rows of U and V in turn */
  K4A_IMAGE_FORMAT_COLOR_YUY2 = 2,   /* Y0 U Y1 V */
  K4A_IMAGE_FORMAT_COLOR_BGRA32 = 3, /* B G R A */
  K4A_IMAGE_FORMAT_DEPTH16 = 4,      /* mm; 0 is no value */
  K4A_IMAGE_FORMAT_IR16 = 5,         /* brightness */
  K4A_IMAGE_FORMAT_CUSTOM8 = 6,
  K4A_IMAGE_FORMAT_CUSTOM16 = 7,
  K4A_IMAGE_FORMAT_CUSTOM = 8, /* the caller's own */
} k4a_image_format_t;

typedef enum {
  K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST = 0, /* keeps values as they are: labels */
  K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR = 1,
} k4a_transformation_interpolation_type_t;

typedef enum {
  K4A_FRAMES_PER_SECOND_5 = 0,
  K4A_FRAMES_PER_SECOND_15 = 1,
  K4A_FRAMES_PER_SECOND_30 = 2,
} k4a_fps_t;

typedef enum {
  K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE = 0, /* us */
  K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY = 1, /* without effect; kept for old programs */
  K4A_COLOR_CONTROL_BRIGHTNESS = 2,
  K4A_COLOR_CONTROL_CONTRAST = 3,
  K4A_COLOR_CONTROL_SATURATION = 4,
  K4A_COLOR_CONTROL_SHARPNESS = 5,
  K4A_COLOR_CONTROL_WHITEBALANCE = 6,           /* K, in tens */
  K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION = 7, /* 0 off, 1 on */
  K4A_COLOR_CONTROL_GAIN = 8,
  K4A_COLOR_CONTROL_POWERLINE_FREQUENCY = 9, /* 1: 50 Hz, 2: 60 Hz */
} k4a_color_control_command_t;

typedef enum {
  K4A_COLOR_CONTROL_MODE_AUTO = 0,
  K4A_COLOR_CONTROL_MODE_MANUAL = 1,
} k4a_color_control_mode_t;

typedef enum {
  K4A_WIRED_SYNC_MODE_STANDALONE = 0,
  K4A_WIRED_SYNC_MODE_MASTER = 1,
  K4A_WIRED_SYNC_MODE_SUBORDINATE = 2,
} k4a_wired_sync_mode_t;

/* The sensors of a unit, and their frames of reference. */
typedef enum {
  K4A_CALIBRATION_TYPE_UNKNOWN = -1,
  K4A_CALIBRATION_TYPE_DEPTH = 0,
  K4A_CALIBRATION_TYPE_COLOR = 1,
  K4A_CALIBRATION_TYPE_GYRO = 2,
  K4A_CALIBRATION_TYPE_ACCEL = 3,
  K4A_CALIBRATION_TYPE_NUM = 4,
} k4a_calibration_type_t;

typedef enum {
  K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN = 0,
  K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA = 1,
  K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K = 2,
  K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT = 3,
  K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY = 4,
} k4a_calibration_model_type_t;

typedef enum {
  K4A_FIRMWARE_BUILD_RELEASE = 0,
  K4A_FIRMWARE_BUILD_DEBUG = 1,
} k4a_firmware_build_t;

typedef enum {
  K4A_FIRMWARE_SIGNATURE_MSFT = 0,
  K4A_FIRMWARE_SIGNATURE_TEST = 1,
  K4A_FIRMWARE_SIGNATURE_UNSIGNED = 2,
} k4a_firmware_signature_t;

/* A line of the log: no newline at its end, at most 1023 characters. Called on whichever thread has something
 * to say. */
typedef void(k4a_logging_message_cb_t)(void* context, k4a_log_level_t level, const char* file, const int line,
                                       const char* message);

/* Ends the life of `buffer`. `context` is what came with it. */
typedef void(k4a_memory_destroy_cb_t)(void* buffer, void* context);

/* Gives `size` bytes, or null; what it puts into `*context` comes back when the memory is given back. */
typedef uint8_t*(k4a_memory_allocate_cb_t)(int size, void** context);

/* What a unit is asked to do at start. */
typedef struct _k4a_device_configuration_t {
  k4a_image_format_t color_format;
  k4a_color_resolution_t color_resolution;
  k4a_depth_mode_t depth_mode;
  k4a_fps_t camera_fps;
  bool synchronized_images_only;      /* captures that lack colour or depth are not given */
  int32_t depth_delay_off_color_usec; /* centre of the depth exposure minus that of the colour exposure */
  k4a_wired_sync_mode_t wired_sync_mode;
  uint32_t subordinate_delay_off_master_usec;
  bool disable_streaming_indicator; /* the lamp on the front */
} k4a_device_configuration_t;

/* Both cameras off, 30 fps: a start to fill in from. */
static const k4a_device_configuration_t K4A_DEVICE_CONFIG_INIT_DISABLE_ALL = {K4A_IMAGE_FORMAT_COLOR_MJPG,
                                                                              K4A_COLOR_RESOLUTION_OFF,
                                                                              K4A_DEPTH_MODE_OFF,
                                                                              K4A_FRAMES_PER_SECOND_30,
                                                                              false,
                                                                              0,
                                                                              K4A_WIRED_SYNC_MODE_STANDALONE,
                                                                              0,
                                                                              false};

/* Rotation first: p' = rotation p + translation. */
typedef struct _k4a_calibration_extrinsics_t {
  float rotation[9];    /* row by row */
  float translation[3]; /* mm */
} k4a_calibration_extrinsics_t;

typedef union {
  struct _param {
    float cx; /* principal point, pixels */
    float cy;
    float fx; /* focal length, pixels */
    float fy;
    float k1; /* radial distortion */
    float k2;
    float k3;
    float k4;
    float k5;
    float k6;
    float codx; /* centre of distortion at z = 1 */
    float cody;
    float p2; /* tangential distortion; p2 stands before p1 */
    float p1;
    float metric_radius; /* not filled in: the camera's has it */
  } param;
  float v[15];
} k4a_calibration_intrinsic_parameters_t;

typedef struct _k4a_calibration_intrinsics_t {
  k4a_calibration_model_type_t type;
  unsigned int parameter_count;
  k4a_calibration_intrinsic_parameters_t parameters;
} k4a_calibration_intrinsics_t;

/* One camera in one mode. */
typedef struct _k4a_calibration_camera_t {
  k4a_calibration_extrinsics_t extrinsics; /* from the depth camera's frame to this one's */
  k4a_calibration_intrinsics_t intrinsics;
  int resolution_width;
  int resolution_height;
  float metric_radius; /* largest distance from the axis at z = 1 that the lens model holds for */
} k4a_calibration_camera_t;

/* A unit in a pair of modes. */
typedef struct _k4a_calibration_t {
  k4a_calibration_camera_t depth_camera_calibration;
  k4a_calibration_camera_t color_camera_calibration;
  k4a_calibration_extrinsics_t extrinsics[K4A_CALIBRATION_TYPE_NUM]
                                         [K4A_CALIBRATION_TYPE_NUM]; /* [from][to] */
  k4a_depth_mode_t depth_mode;
  k4a_color_resolution_t color_resolution;
} k4a_calibration_t;

typedef struct _k4a_version_t {
  uint32_t major;
  uint32_t minor;
  uint32_t iteration;
} k4a_version_t;

typedef struct _k4a_hardware_version_t {
  k4a_version_t rgb;
  k4a_version_t depth;
  k4a_version_t audio;
  k4a_version_t depth_sensor;
  k4a_firmware_build_t firmware_build;
  k4a_firmware_signature_t firmware_signature;
} k4a_hardware_version_t;

typedef union {
  struct _xy {
    float x;
    float y;
  } xy;
  float v[2];
} k4a_float2_t;

typedef union {
  struct _xyz {
    float x;
    float y;
    float z;
  } xyz;
  float v[3];
} k4a_float3_t;

typedef struct _k4a_imu_sample_t {
  float temperature;       /* degrees Celsius */
  k4a_float3_t acc_sample; /* m/s^2 */
  uint64_t acc_timestamp_usec;
  k4a_float3_t gyro_sample; /* rad/s */
  uint64_t gyro_timestamp_usec;
} k4a_imu_sample_t;

#define K4A_DEVICE_DEFAULT (0)
#define K4A_WAIT_INFINITE (-1)

#ifdef __cplusplus
}
#endif

#endif
