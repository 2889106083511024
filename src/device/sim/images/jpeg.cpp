#include "device/sim/images/jpeg.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

#include <jerror.h>

#include "device/sim/images/jpeg_tables.h"

// libjpeg leaves through longjmp when it fails. Nothing with a destructor may live in the functions that call
// setjmp: they work on a Job that their caller owns.

namespace genlock::device::sim {
namespace {

struct Trap {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char message[40];
};

[[noreturn]] void leave(j_common_ptr common) {
  auto* const trap = reinterpret_cast<Trap*>(common->err);
  std::snprintf(trap->message, sizeof trap->message, "libjpeg's error %d", common->err->msg_code);
  std::longjmp(trap->jump, 1);
}

/// Warnings (level -1) count as failures; traces are not of interest.
void judge(j_common_ptr common, int level) {
  if (level < 0) leave(common);
}

void forget(j_common_ptr common) {
  common->err->num_warnings = 0;
  common->err->msg_code = 0;
}

/// Not on top of jpeg_std_error, which cannot be part of a shared library: in Debian's archive it refers to
/// stderr by address. So errors have their number of jerror.h and no text.
jpeg_error_mgr* arm(Trap& trap) {
  trap.manager.error_exit = leave;
  trap.manager.emit_message = judge;
  trap.manager.reset_error_mgr = forget;
  return &trap.manager;
}

Error failure(const Trap& trap, const char* doing) {
  return Error(Errc::corrupt, std::string(doing) + ": " + trap.message);
}

// ---- encoding

struct EncodeJob {
  const Yuv422& picture;
  int interval;
  jpeg_compress_struct jpeg{};
  Trap trap{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  ~EncodeJob() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);
  }
};

void set_components(jpeg_compress_struct& jpeg) {
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&jpeg);
  jpeg.raw_data_in = TRUE;
  jpeg.write_JFIF_header = FALSE;
  for (int i = 0; i < 3; ++i) {
    jpeg.comp_info[i].h_samp_factor = i == 0 ? 2 : 1;
    jpeg.comp_info[i].v_samp_factor = 1;
    jpeg.comp_info[i].quant_tbl_no = i == 0 ? 0 : 1;
  }
}

/// libjpeg takes a table in rows and writes it in zig-zag; what a decoder reads from the camera's table is
/// the table whose zig-zag is the camera's order of bytes.
void set_quantisation(jpeg_compress_struct& jpeg) {
  constexpr int kRowOfZigZag[64] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};
  const std::array<std::uint8_t, 64>* const tables[] = {&kCameraLuma, &kCameraChroma};
  for (int t = 0; t < 2; ++t) {
    unsigned table[64];
    for (std::size_t k = 0; k < 64; ++k) table[kRowOfZigZag[k]] = (*tables[t])[k];
    jpeg_add_quant_table(&jpeg, t, table, 100, TRUE);
  }
}

void write_rows(EncodeJob& job) {
  const Yuv422& picture = job.picture;
  while (job.jpeg.next_scanline < job.jpeg.image_height) {
    JSAMPROW rows[3][DCTSIZE];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    for (int i = 0; i < DCTSIZE; ++i) {
      const int y = static_cast<int>(job.jpeg.next_scanline) + i;
      rows[0][i] = const_cast<JSAMPROW>(picture.luma.data() + picture.luma_offset(0, y));
      rows[1][i] = const_cast<JSAMPROW>(picture.blue.data() + picture.chroma_offset(0, y));
      rows[2][i] = const_cast<JSAMPROW>(picture.red.data() + picture.chroma_offset(0, y));
    }
    jpeg_write_raw_data(&job.jpeg, planes, DCTSIZE);
  }
}

bool encode(EncodeJob& job) {
  job.jpeg.err = arm(job.trap);
  if (setjmp(job.trap.jump)) return false;
  jpeg_create_compress(&job.jpeg);
  jpeg_mem_dest(&job.jpeg, &job.bytes, &job.size);
  job.jpeg.image_width = static_cast<JDIMENSION>(job.picture.size.width);
  job.jpeg.image_height = static_cast<JDIMENSION>(job.picture.size.height);
  set_components(job.jpeg);
  set_quantisation(job.jpeg);
  job.jpeg.restart_interval = static_cast<unsigned>(job.interval);
  jpeg_start_compress(&job.jpeg, TRUE);
  write_rows(job);
  jpeg_finish_compress(&job.jpeg);
  return true;
}

/// Bytes before the entropy-coded data of a JPEG that libjpeg wrote.
std::size_t header_bytes(const unsigned char* bytes, std::size_t size) {
  std::size_t at = 2;
  while (at + 4 <= size) {
    const bool scan = bytes[at + 1] == 0xda;
    at += 2 + (static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3]);
    if (scan) return at;
  }
  return size;
}

// ---- decoding

struct DecodeJob {
  ByteSpan bytes;
  int rows;
  Luma luma{};
  jpeg_decompress_struct jpeg{};
  Trap trap{};

  ~DecodeJob() { jpeg_destroy_decompress(&jpeg); }
};

bool read_header(DecodeJob& job) {
  job.jpeg.err = arm(job.trap);
  if (setjmp(job.trap.jump)) return false;
  jpeg_create_decompress(&job.jpeg);
  jpeg_mem_src(&job.jpeg, reinterpret_cast<const unsigned char*>(job.bytes.data()), job.bytes.size());
  jpeg_read_header(&job.jpeg, TRUE);
  return true;
}

/// Stops before the end of the data if not all rows are wanted; job.luma.pixels has room for job.luma.rows.
bool read_rows(DecodeJob& job) {
  if (setjmp(job.trap.jump)) return false;
  job.jpeg.out_color_space = JCS_GRAYSCALE;
  jpeg_start_decompress(&job.jpeg);
  for (int y = 0; y < job.luma.rows; ++y) {
    JSAMPROW row = job.luma.pixels.data() + static_cast<std::size_t>(y) * job.jpeg.image_width;
    jpeg_read_scanlines(&job.jpeg, &row, 1);
  }
  if (static_cast<JDIMENSION>(job.luma.rows) == job.jpeg.image_height) jpeg_finish_decompress(&job.jpeg);
  return true;
}

}  // namespace

Result<std::vector<std::byte>> encode_scan(const Yuv422& picture, int interval) {
  EncodeJob job{.picture = picture, .interval = interval};
  if (!encode(job)) return failure(job.trap, "encoding a colour image");
  const auto* const bytes = reinterpret_cast<const std::byte*>(job.bytes);
  return std::vector<std::byte>(bytes + header_bytes(job.bytes, job.size), bytes + job.size);
}

Result<Luma> decode_jpeg_luma(ByteSpan jpeg, int rows) {
  DecodeJob job{.bytes = jpeg, .rows = rows};
  if (!read_header(job)) return failure(job.trap, "decoding a JPEG image");
  job.luma.image = {static_cast<int>(job.jpeg.image_width), static_cast<int>(job.jpeg.image_height)};
  job.luma.rows = std::min(rows, job.luma.image.height);
  job.luma.pixels.resize(static_cast<std::size_t>(job.luma.rows) * job.jpeg.image_width);
  if (!read_rows(job)) return failure(job.trap, "decoding a JPEG image");
  return std::move(job.luma);
}

}  // namespace genlock::device::sim
