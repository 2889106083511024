#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/bench_commands.h"
#include "cli/bench_watch.h"
#include "cli/check_files.h"
#include "cli/doctor.h"
#include "cli/env.h"
#include "cli/exit_code.h"
#include "cli/frames.h"
#include "cli/info.h"
#include "cli/list_units.h"
#include "cli/mark_take.h"
#include "cli/output.h"
#include "cli/plan_rig.h"
#include "cli/program_end.h"
#include "cli/record_rig.h"
#include "cli/record_units.h"
#include "cli/repair_file.h"
#include "cli/rig_init.h"
#include "cli/set_controls.h"
#include "cli/trim.h"
#include "cli/unit_process.h"
#include "cli/units.h"
#include "cli/verify_take.h"
#include "cli/version.h"

namespace genlock::cli {
namespace {

constexpr const char* kNoChecksums = "Write no SHA-256 sums of the files into take.json";

/// What the verbs' options are parsed into.
struct Arguments {
  UnitChoice units;
  SetRequest set;
  BenchRequest bench;
  EnvRequest env;
  RepairRequest repair;
  PlanRequest plan;
  RecordRigRequest record;
  MarkRequest mark;
  DoctorRequest doctor;
  VerifyRequest verify;
  RigInitRequest rig;
  FramesRequest frames;
  TrimRequest trim;
  UnitProcessRequest process;
  std::vector<std::filesystem::path> files;
  bool json = false;
};

int failed(const Error& error) {
  return fail("genlock", error.message());
}

int run_list(const Arguments& args) {
  auto units = choose_units(args.units);
  return units ? list_units(**units, args.json) : failed(units.error());
}

int run_set(const Arguments& args) {
  auto units = choose_units(args.units);
  return units ? set_controls(**units, args.set) : failed(units.error());
}

int run_info(const Arguments& args) {
  int exit_code = kDone;
  for (const auto& file : args.files) {
    const auto info = inspect(file);
    if (!info) {
      exit_code = failed(info.error());
      continue;
    }
    fmt::print("{}", args.json ? info_json(*info) : info_text(*info));
  }
  return exit_code;
}

/// The words of several recorders, which no one parser can tell apart.
int run_record(const std::vector<std::string>& words) {
  const auto parsed = parse_record_request(words);
  return parsed.request ? record_units(*parsed.request) : parsed.exit_code;
}

void add_units(CLI::App& verb, Arguments& args) {
  verb.add_option("--bench", args.units.bench,
                  "Simulated units: default, realistic, or a bench file (default: GENLOCK_BENCH)");
  verb.add_option("--libk4a", args.units.libk4a,
                  "The units that this libk4a.so.1.4 sees (default: GENLOCK_LIBK4A, then the installed one)")
      ->excludes("--bench");
  verb.add_option("--replay", args.units.replay, "A recording played back as a unit; may be repeated")
      ->allow_extra_args(false)
      ->excludes("--bench")
      ->excludes("--libk4a");
}

void add_json(CLI::App& verb, bool& json) {
  verb.add_flag("--json", json, "Print JSON");
}

using Verb = std::function<int()>;

/// Of a verb whose request has the units that were chosen.
template <class Request>
void choose(CLI::App& verb, Arguments& args, Verb& chosen, Request Arguments::*request,
            int (*run)(const Request&)) {
  verb.callback([&args, &chosen, request, run] {
    chosen = [&args, request, run] {
      (args.*request).units = args.units;
      return run(args.*request);
    };
  });
}

void declare_files(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* info =
      app.add_subcommand("info", "Describe recordings: configuration, tracks, counts, gaps, health");
  info->add_option("FILE", args.files, "Recordings of any K4A recorder")->required();
  add_json(*info, args.json);
  info->callback([&] { chosen = [&args] { return run_info(args); }; });
}

void declare_verify(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* verify = app.add_subcommand(
      "verify", "Prove from the files that units were in sync; exit 0 in sync, 1 not, 2 unreadable");
  verify->add_option("PATH", args.verify.paths, "The folder of a take, or one recording of each unit")
      ->required();
  verify->add_option("--report", args.verify.report, "Write a page with plots into this file");
  add_json(*verify, args.verify.json);
  verify->callback([&] { chosen = [&args] { return verify_take(args.verify); }; });
}

void declare_frames(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* frames = app.add_subcommand(
      "frames", "List the frame sets of a take: for every pulse the frames of all units, as CSV or JSON");
  frames->add_option("TAKE", args.frames.given, "The folder of a take, or one recording of each unit")
      ->required();
  CLI::Option* csv = frames->add_flag("--csv", args.frames.csv, "Print CSV; the default");
  frames->add_flag("--json", args.frames.json, "Print JSON")->excludes(csv);
  frames->add_flag("--all", args.frames.all,
                   "From the first to the last frame of any unit, not only common pulses");
  frames->add_option("--out", args.frames.out, "Write into this file, instead of to standard output");
  frames->add_flag("--force", args.frames.force, "Replace that file if it exists");
  frames->callback([&] { chosen = [&args] { return list_frames(args.frames); }; });
}

void declare_trim(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* trim =
      app.add_subcommand("trim", "Cut the recordings of a take to their common frames, into a new folder");
  trim->add_option("TAKE", args.trim.given, "The folder of a take, or one recording of each unit")
      ->required();
  trim->add_option("--out", args.trim.out, "The folder to make")->required();
  CLI::Option* sets =
      trim->add_option("--sets", args.trim.sets, "Only sets A..B, as genlock frames numbers them");
  trim->add_option("--from-marker", args.trim.from_marker, "From the marker of this text on")->excludes(sets);
  trim->add_option("--to-marker", args.trim.to_marker, "To the marker of this text")->excludes(sets);
  trim->add_flag("--complete", args.trim.complete_only, "Only frames of sets that lack none");
  trim->add_flag_callback(
      "--no-checksums", [&args] { args.trim.checksums = false; }, kNoChecksums);
  add_json(*trim, args.trim.json);
  trim->callback([&] { chosen = [&args] { return trim_take(args.trim); }; });
}

void declare_plan(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* plan = app.add_subcommand("plan",
                                      "Work out a rig's delays, start order and loads, or check those it "
                                      "names; exit 0 the plan holds, 1 not");
  plan->add_option("RIG", args.plan.rig, "The rig file, see docs/rig.md")->required();
  plan->add_option("--svg", args.plan.svg, "Draw exposures and laser pulses of one frame into this file");
  add_json(*plan, args.plan.json);
  plan->callback([&] { chosen = [&args] { return plan_rig(args.plan); }; });
}

void declare_rig(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* rig = app.add_subcommand("rig", "Rig files")->require_subcommand(1);
  CLI::App* init = rig->add_subcommand("init", "Write a commented rig file from the units that are attached");
  add_units(*init, args);
  init->add_option("FILE", args.rig.file, "Where to (default: standard output)");
  init->add_flag("--force", args.rig.force, "Replace a file that exists");
  choose(*init, args, chosen, &Arguments::rig, write_rig);
}

void declare_doctor(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* doctor = app.add_subcommand(
      "doctor",
      "Examine rig, units and host before a take; exit 0 nothing stands against it, 1 something does");
  add_units(*doctor, args);
  doctor->add_option("RIG", args.doctor.rig, "The rig file; without, what can be said of units and host");
  doctor->add_option("--folder", args.doctor.folder, "Where takes go (default: the rig file's, else here)");
  doctor->add_option("--root", args.doctor.root, "Where the host's /sys, /proc and /dev are, in a container")
      ->capture_default_str();
  add_json(*doctor, args.doctor.json);
  choose(*doctor, args, chosen, &Arguments::doctor, run_doctor);
}

void declare_repair(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* check = app.add_subcommand(
      "check",
      "Say what is wrong with recordings; exit 0 sound, 1 findings that cost data or readers, 2 unreadable");
  check->add_option("FILE", args.files, "Recordings of any K4A recorder")->required();
  add_json(*check, args.json);
  check->callback([&] { chosen = [&args] { return check_files(args.files, args.json); }; });

  CLI::App* repair = app.add_subcommand("repair",
                                        "Make a complete file of a damaged or unfinished one; exit 0 nothing "
                                        "lost, 1 data lost, 2 not repaired");
  repair->add_option("IN", args.repair.in, "The damaged recording; never changed, but for --in-place")
      ->required();
  repair->add_option("OUT", args.repair.out, "The complete one");
  repair->add_flag("--in-place", args.repair.in_place, "Change IN itself, where it has the room");
  repair->add_flag("--force", args.repair.force, "Replace OUT if it exists");
  add_json(*repair, args.repair.json);
  repair->callback([&] { chosen = [&args] { return repair_file(args.repair); }; });
}

void declare_units(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* list = app.add_subcommand("list", "List the units");
  add_units(*list, args);
  add_json(*list, args.json);
  list->callback([&] { chosen = [&args] { return run_list(args); }; });

  CLI::App* set = app.add_subcommand(
      "set", "Set colour controls of a unit, then show all; they stay until it loses power");
  add_units(*set, args);
  set->add_option("--device", args.set.device, "Index of the unit")->capture_default_str();
  set->add_option("--serial", args.set.serial, "Serial number of the unit, instead of --device")
      ->excludes("--device");
  set->add_option("CONTROL=VALUE", args.set.settings,
                  "For example exposure_us=8330 (us) gain=128 white_balance_k=auto (K)");
  add_json(*set, args.set.json);
  set->callback([&] { chosen = [&args] { return run_set(args); }; });
}

void declare_rig_recording(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* record = app.add_subcommand(
      "record",
      "Record a take of a rig: genlock record RIG.toml; or single units, each into its file: genlock record "
      "--help");
  RecordRigRequest& request = args.record;
  add_units(*record, args);
  record->add_option("RIG", request.rig, "The rig file, see docs/rig.md")->required();
  record
      ->add_option("-l,--record-length", request.length_s,
                   "Seconds to record (default: length_s of the rig file, else until Ctrl-C)")
      ->check(CLI::Range(0.001, 31'536'000.0).description(""))
      ->type_name("S");
  record->add_option("--take", request.take, "The take's name (default: the rig's with the next number)");
  record->add_option("--folder", request.folder,
                     "Where the take's folder goes (default: as the rig file says)");
  record
      ->add_option("--isolation", request.isolation,
                   "process: each unit in a process of its own, or none (default: as the rig file says)")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, rig::Isolation>{{"process", rig::Isolation::process},
                                                                        {"none", rig::Isolation::none}})
              .description(""))
      ->type_name("KIND");
  record
      ->add_option("--buffer", request.buffer_mb,
                   "Most MB of each unit that wait in memory while the disk is slow (default: two seconds)")
      ->check(CLI::Range(16, 65536).description(""))
      ->type_name("MB");
  record->add_flag_callback(
      "--no-checksums", [&request] { request.checksums = false; }, kNoChecksums);
  record->add_flag("--force", request.force, "Record although the rig is not ready; the take says so");
  record->add_flag("--rehearse", request.rehearse,
                   "Record 5 s into a folder that is thrown away, and report what came of it");
  add_json(*record, request.json);
  choose(*record, args, chosen, &Arguments::record, record_rig);
}

void declare_mark(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* mark = app.add_subcommand("mark", "Put a marker into a take while it is being recorded");
  mark->add_option("TEXT", args.mark.text, "What happens now")->required();
  mark->add_option("--take", args.mark.folder,
                   "The take's folder (default: the one in this folder that is being recorded)");
  mark->callback([&] { chosen = [&args] { return mark_take(args.mark); }; });
}

void declare_unit_process(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* process = app.add_subcommand(kUnitProcessVerb, "The process of one unit, for genlock record");
  process->group("");
  add_units(*process, args);
  process->add_option("--name", args.process.name);
  process->add_option("--buffer", args.process.buffer_mb);
  choose(*process, args, chosen, &Arguments::process, run_unit_process);
}

void declare_bench(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* bench = app.add_subcommand("bench", "The simulated bench")->require_subcommand(1);
  const auto verb = [&, bench](const char* name, const char* about, int (*run)(const BenchRequest&)) {
    CLI::App* sub = bench->add_subcommand(name, about);
    sub->callback([&args, &chosen, run] { chosen = [&args, run] { return run(args.bench); }; });
    return sub;
  };
  CLI::App* init = verb("init", "Write a commented bench file", bench_init);
  add_json(*init, args.bench.json);
  init->add_option("FILE", args.bench.file, "Where to (default: standard output)");
  init->add_flag("--force", args.bench.force, "Replace a file that exists");
  CLI::App* show = verb("show", "Show units, cables, who has them open, and faults", bench_show);
  add_json(*show, args.bench.json);
  show->add_option("--bench", args.bench.bench,
                   "default, realistic, or a bench file (default: GENLOCK_BENCH)");
  CLI::App* watch = verb("watch", "Watch units, cables, pulses and faults until Ctrl-C", bench_watch);
  add_json(*watch, args.bench.json);
  watch->add_flag("--once", args.bench.once, "Print one picture and end");
  watch->add_option("--bench", args.bench.bench,
                    "default, realistic, or a bench file (default: GENLOCK_BENCH)");
  CLI::App* set =
      verb("set", "Change the bench while it runs: pull a cable, stall a stream, lose a unit", bench_set);
  add_json(*set, args.bench.json);
  set->add_option("--bench", args.bench.bench,
                  "default, realistic, or a bench file (default: GENLOCK_BENCH)");
  set->add_option("UNIT", args.bench.unit, "Name or serial of the unit")->required();
  set->add_option("CHANGE", args.bench.changes, bench_changes_help())->required();
}

void declare_env(CLI::App& app, Arguments& args, Verb& chosen) {
  CLI::App* env = app.add_subcommand("env",
                                     "Let programs that were written for the vendor's libk4a use simulated "
                                     "units: eval \"$(genlock env)\", or "
                                     "genlock env -- COMMAND");
  env->add_option("--bench", args.env.bench,
                  "default, realistic, or a bench file (default: GENLOCK_BENCH, else default)");
  env->add_option("--host", args.env.host, "The host of the bench whose units the programs see");
  env->add_option("COMMAND", args.env.command, "Behind --: run it, instead of printing lines for a shell");
  env->callback([&] { chosen = [&args] { return give_environment(args.env); }; });
}

int run(int argc, char** argv) {
  const std::vector<std::string> words(argv + std::min(argc, 2), argv + argc);
  if (argc > 1 && std::string_view(argv[1]) == "record" && !is_about_rig(words)) return run_record(words);
  CLI::App app("genlock: records, describes and proves synchronised depth cameras", "genlock");
  app.set_version_flag("--version", std::string("genlock ") + kVersion);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong usage; verify: 0 in sync, 1 not in sync, 2 unreadable; check: 0 "
      "sound, 1 not sound, 2 unreadable; repair: 0 nothing lost, 1 data lost, 2 not repaired.");
  Arguments args;
  Verb chosen;
  declare_units(app, args, chosen);
  declare_rig_recording(app, args, chosen);
  declare_mark(app, args, chosen);
  declare_unit_process(app, args, chosen);
  declare_files(app, args, chosen);
  declare_verify(app, args, chosen);
  declare_repair(app, args, chosen);
  declare_frames(app, args, chosen);
  declare_trim(app, args, chosen);
  declare_plan(app, args, chosen);
  declare_doctor(app, args, chosen);
  declare_rig(app, args, chosen);
  declare_bench(app, args, chosen);
  declare_env(app, args, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "genlock: {}\ngenlock --help lists the commands\n", wrong.what());
    return kUsage;
  }
  return chosen();
}

}  // namespace
}  // namespace genlock::cli

int main(int argc, char** argv) {
  return genlock::cli::end_program(genlock::cli::run(argc, argv));
}
