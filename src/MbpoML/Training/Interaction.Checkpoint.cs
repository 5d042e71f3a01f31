using MbpoML.Saving;

namespace MbpoML.Training;

/// <content>What a stopped run must keep of its running episodes.</content>
internal sealed partial class Interaction
{
    private const int CounterCount = 9;
    private const string TurnPart = "turn";

    public string Name => "episodes";

    /// <summary>Whether a resumed run could not put an environment back into its episode.</summary>
    public bool WasCut { get; private set; }

    /// <summary>
    /// Writes the episodes: counters, the environments' states where they have one, and the results of steps that are under way, for which it waits.
    /// </summary>
    public void Save(IStateWriter to)
    {
        Streams.Save(to);
        var episode = Lead.Episode;
        to.Add("counters", Episodes, LeadIsBetweenEpisodes ? 1 : 0, episode.Steps, _returnCount, CutEpisodes, LastReturn is null ? 0 : 1,
            Lead.Stand().IsUnderWay ? 1 : 0, Failures.Count, Failures.InARow);
        to.Add("returns", [episode.Return, _returnSum, LastReturn ?? 0]);
        Lead.Save(to);
        if (_lanes.Length == 1) return;
        to.Add(TurnPart, _turn);
        for (var lane = 1; lane < _lanes.Length; lane++) Save(_lanes[lane], to.Under(PartOf(lane)));
    }

    /// <summary>Goes on inside the episodes where the environments can be put back into them, and with new episodes where not.</summary>
    public void Restore(IStateReader from)
    {
        Streams.Restore(from);
        var (counters, returns) = (SavedValues.ReadCounters(from, "counters", CounterCount), SavedValues.ReadFinite(from, "returns", 3));
        var episode = Lead.Episode;
        Episodes = (int)counters[0];
        (episode.IsUnderWay, episode.Steps, _returnCount, CutEpisodes) = (counters[1] == 0, (int)counters[2], (int)counters[3], (int)counters[4]);
        (Failures.Count, Failures.InARow) = ((int)counters[7], (int)counters[8]);
        (episode.Return, _returnSum, LastReturn) = (returns[0], returns[1], counters[5] == 0 ? null : returns[2]);
        CountRestored(Lead.Restore(from, counters[6] != 0));
        if (_lanes.Length == 1) return;
        _turn = (int)SavedValues.ReadCounters(from, TurnPart, 1)[0];
        if (_turn >= _lanes.Length) throw from.Damaged(Invariant($"'{TurnPart}' is {_turn}, but there are {_lanes.Length} environments"));
        for (var lane = 1; lane < _lanes.Length; lane++) CountRestored(Restore(_lanes[lane], from.Under(PartOf(lane))));
    }

    private ISaved[] Streams => [SavedPart.Of("exploration", _exploration), SavedPart.Of("acting", _acting), .. NoiseOf(Lead)];

    private static string PartOf(int lane) => Invariant($"environment-{lane}");

    private static ISaved[] NoiseOf(EpisodeLane lane) => lane.Noise is not { } noise ? []
        : [new SavedPart("noise", to => to.Add("given", noise.Given), from => noise.Given = from.Count("given"))];

    private static void Save(EpisodeLane lane, IStateWriter to)
    {
        NoiseOf(lane).Save(to);
        to.Add("counters", lane.Episode.IsUnderWay ? 0 : 1, lane.Episode.Steps, lane.Stand().IsUnderWay ? 1 : 0);
        to.Add("returns", [lane.Episode.Return]);
        lane.Save(to);
    }

    private static bool Restore(EpisodeLane lane, IStateReader from)
    {
        NoiseOf(lane).Restore(from);
        var counters = SavedValues.ReadCounters(from, "counters", 3);
        (lane.Episode.IsUnderWay, lane.Episode.Steps) = (counters[0] == 0, (int)counters[1]);
        lane.Episode.Return = SavedValues.ReadFinite(from, "returns", 1)[0];
        return lane.Restore(from, counters[2] != 0);
    }

    private void CountRestored(bool isBack)
    {
        if (isBack) return;
        // The next episode must start elsewhere than this one did.
        WasCut = true;
        Episodes++;
        CutEpisodes++;
    }
}
