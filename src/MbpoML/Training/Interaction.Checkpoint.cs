using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Training.Checkpoints;

namespace MbpoML.Training;

/// <content>What a stopped run must keep of its running episode.</content>
internal sealed partial class Interaction
{
    private const int CounterCount = 9;

    /// <summary>Writes the episode: counters, the environment's state where it has one, and the result of a step that is under way, for which it waits.</summary>
    public void Save(CheckpointWriter writer)
    {
        // A step that failed is no part of the run; the environment is out of its episode then.
        var isWhole = _move.Settle() && !_isBroken;
        var isUnderWay = isWhole && IsUnderWay;
        writer.Add("interaction/counters", Episodes, BetweenEpisodes ? 1 : 0, _episodeSteps, _returnCount, CutEpisodes, LastReturn is null ? 0 : 1, isUnderWay ? 1 : 0,
            Failures.Count, Failures.InARow);
        writer.Add("interaction/returns", [_episodeReturn, _returnSum, LastReturn ?? 0]);
        // Between episodes the next reset gives it; a reset that failed leaves no number in it.
        writer.Add("interaction/observation", BetweenEpisodes ? new double[_observation.Length] : _observation);
        writer.Add("interaction/action", _action);
        if (isUnderWay)
        {
            writer.Add("interaction/next", _next);
            writer.Add("interaction/result", [_result.Reward, _result.Terminated ? 1 : 0, _result.Truncated ? 1 : 0]);
        }

        if (!isWhole || _environment.AsStateful() is not { } stateful) return;
        var state = new double[stateful.StateSize];
        stateful.GetState(state);
        writer.Add("interaction/environment", state);
    }

    /// <summary>Goes on inside the episode where the environment can be put back into it, and with a new episode where not.</summary>
    /// <returns>Whether nothing was lost.</returns>
    public bool Restore(CheckpointReader reader)
    {
        var (counters, returns) = (Read(reader, "interaction/counters", reader.Integers, CounterCount), ReadFinite(reader, "interaction/returns", 3));
        if (counters.Any(counter => counter is < 0 or > int.MaxValue)) throw reader.Damaged("a counter of the episodes is negative or too large");
        Episodes = (int)counters[0];
        BetweenEpisodes = counters[1] != 0;
        (_episodeSteps, _returnCount, CutEpisodes) = ((int)counters[2], (int)counters[3], (int)counters[4]);
        (Failures.Count, Failures.InARow) = ((int)counters[7], (int)counters[8]);
        (_episodeReturn, _returnSum, LastReturn) = (returns[0], returns[1], counters[5] == 0 ? null : returns[2]);
        ReadFloats(reader, "interaction/observation", _observation.Length).CopyTo(_observation, 0);
        ReadFloats(reader, "interaction/action", _action.Length).CopyTo(_action, 0);
        if (reader.Has("interaction/environment") && _environment.AsStateful() is { } stateful)
        {
            stateful.SetState(Read(reader, "interaction/environment", reader.Doubles, stateful.StateSize));
            if (counters[6] != 0) RestoreStep(reader);
            return true;
        }

        if (BetweenEpisodes) return true;
        // The next episode must start elsewhere than this one did.
        BetweenEpisodes = true;
        Episodes++;
        CutEpisodes++;
        return false;
    }

    private void RestoreStep(CheckpointReader reader)
    {
        ReadFloats(reader, "interaction/next", _next.Length).CopyTo(_next, 0);
        var result = ReadFloats(reader, "interaction/result", 3);
        _result = new StepResult(result[0], result[1] != 0, result[2] != 0);
        _isRestored = true;
    }

    private static double[] ReadFinite(CheckpointReader reader, string name, int count)
    {
        var read = Read(reader, name, reader.Doubles, count);
        return read.All(double.IsFinite) ? read : throw reader.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be finite");
    }

    // What becomes a transition.
    private static double[] ReadFloats(CheckpointReader reader, string name, int count)
    {
        var read = Read(reader, name, reader.Doubles, count);
        return read.All(value => float.IsFinite((float)value)) ? read : throw reader.Damaged($"'{name}' is [{Listed.Of(read)}], but every value must be a finite float");
    }

    private static T[] Read<T>(CheckpointReader reader, string name, Func<string, T[]> values, int count)
    {
        var read = values(name);
        return read.Length == count ? read : throw reader.Damaged(Invariant($"'{name}' has {read.Length} values, but {count} were expected"));
    }
}
