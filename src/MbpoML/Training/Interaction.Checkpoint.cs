using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <content>What a stopped run must keep of its running episode.</content>
internal sealed partial class Interaction
{
    private const int CounterCount = 9;
    private const string ActorPart = "actor";

    public string Name => "episodes";

    /// <summary>Whether a resumed run could not put the environment back into its episode.</summary>
    public bool WasCut { get; private set; }

    /// <summary>
    /// Writes the episode: counters, the environment's state where it has one, and the result of a step that is under way, for which it waits.
    /// </summary>
    public void Save(IStateWriter to)
    {
        Streams.Save(to);
        // A step that failed is no part of the run; the environment is out of its episode then.
        var isWhole = _move.Settle() && !_isBroken;
        var isUnderWay = isWhole && IsUnderWay;
        to.Add("counters", Episodes, BetweenEpisodes ? 1 : 0, _episode.Steps, _returnCount, CutEpisodes, LastReturn is null ? 0 : 1, isUnderWay ? 1 : 0,
            Failures.Count, Failures.InARow);
        to.Add("returns", [_episode.Return, _returnSum, LastReturn ?? 0]);
        // Between episodes the next reset gives it; a reset that failed leaves no number in it.
        to.Add("observation", BetweenEpisodes ? new double[_episode.Observation.Length] : _episode.Observation);
        to.Add("action", _episode.Action);
        if (isUnderWay)
        {
            to.Add("next", _episode.Next);
            to.Add("result", [_episode.Answer.Reward, _episode.Answer.Terminated ? 1 : 0, _episode.Answer.Truncated ? 1 : 0]);
        }

        if (!isWhole || _environment.AsStateful() is not { } stateful) return;
        var state = new double[stateful.StateSize];
        stateful.GetState(state);
        to.Add("environment", state);
        // What the policy remembers of its episode.
        (_actor as ISaved)?.Save(to.Under(ActorPart));
    }

    /// <summary>Goes on inside the episode where the environment can be put back into it, and with a new episode where not.</summary>
    public void Restore(IStateReader from)
    {
        Streams.Restore(from);
        var (counters, returns) = (Read(from, "counters", from.Integers, CounterCount), ReadFinite(from, "returns", 3));
        if (counters.Any(counter => counter is < 0 or > int.MaxValue)) throw from.Damaged("a counter of the episodes is negative or too large");
        Episodes = (int)counters[0];
        (_episode.IsUnderWay, _episode.Steps, _returnCount, CutEpisodes) = (counters[1] == 0, (int)counters[2], (int)counters[3], (int)counters[4]);
        (Failures.Count, Failures.InARow) = ((int)counters[7], (int)counters[8]);
        (_episode.Return, _returnSum, LastReturn) = (returns[0], returns[1], counters[5] == 0 ? null : returns[2]);
        ReadFloats(from, "observation", _episode.Observation.Length).CopyTo(_episode.Observation, 0);
        ReadFloats(from, "action", _episode.Action.Length).CopyTo(_episode.Action, 0);
        if (from.Has("environment") && _environment.AsStateful() is { } stateful)
        {
            (_actor as ISaved)?.Restore(from.Under(ActorPart));
            stateful.SetState(Read(from, "environment", from.Doubles, stateful.StateSize));
            if (counters[6] != 0) RestoreStep(from);
            return;
        }

        if (BetweenEpisodes) return;
        // The next episode must start elsewhere than this one did.
        (_episode.IsUnderWay, WasCut) = (false, true);
        Episodes++;
        CutEpisodes++;
    }

    private ISaved[] Streams => [SavedPart.Of("exploration", _exploration), SavedPart.Of("acting", _acting)];

    private void RestoreStep(IStateReader from)
    {
        ReadFloats(from, "next", _episode.Next.Length).CopyTo(_episode.Next, 0);
        var result = ReadFloats(from, "result", 3);
        _episode.Answer = new StepResult(result[0], result[1] != 0, result[2] != 0);
        _isRestored = true;
    }

    private static double[] ReadFinite(IStateReader from, string name, int count)
    {
        var read = Read(from, name, from.Doubles, count);
        return read.All(double.IsFinite) ? read : throw from.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be finite");
    }

    // What becomes a transition.
    private static double[] ReadFloats(IStateReader from, string name, int count)
    {
        var read = Read(from, name, from.Doubles, count);
        return read.All(value => float.IsFinite((float)value))
            ? read : throw from.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be a finite float");
    }

    private static T[] Read<T>(IStateReader from, string name, Func<string, T[]> values, int count)
    {
        var read = values(name);
        return read.Length == count ? read : throw from.Damaged(Invariant($"'{name}' has {read.Length} values, but {count} were expected"));
    }
}
