#include "sync/member.h"

#include <algorithm>

#include "sync/numbering.h"

namespace genlock::sync {

Member member_of(const UnitData& data, std::size_t index) {
  Member member{.index = index, .data = &data, .lines = {}, .alignment = {}, .compared = false, .first = {}};
  for (const Stream stream : {Stream::color, Stream::depth}) {
    const bool on = stream == Stream::color ? data.description.color : data.description.depth;
    if (!on && data.line(stream).frames().empty()) continue;
    member.lines.push_back(
        view_line(index, stream, data.line(stream), 2 * tolerance(data.description.rate).count()));
    set_expected(member.lines.back(), data.description);
  }
  const auto with_frames = std::ranges::find_if(member.lines, [](const LineView& l) { return !l.empty(); });
  if (with_frames != member.lines.end())
    member.first = static_cast<std::size_t>(with_frames - member.lines.begin());
  return member;
}

void number_alone(Member& member) {
  for (LineView& view : member.lines) {
    if (view.empty()) continue;
    const bool joins = view.stream == Stream::depth && &view != member.primary();
    if (joins)
      join_depth(view, *member.primary());
    else
      number_from_zero(view);
  }
}

void number_by(Member& member, const Member& reference, double tolerance_us) {
  const bool comparable = member.primary() && reference.primary() &&
                          member.data->description.rate == reference.data->description.rate;
  number_alone(member);
  if (!comparable) return;
  LineView& first = member.lines[*member.first];
  member.alignment = align(*member.data, first, *reference.data, *reference.primary(), tolerance_us);
  member.compared = !member.alignment.host.apart;
  for (LineView& view : member.lines)
    if (&view != &first && !view.empty()) join_depth(view, first);
}

}  // namespace genlock::sync
