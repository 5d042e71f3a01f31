using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>How far a run is.</summary>
internal sealed class RunCounters : ISaved
{
    public string Name => "counters";

    /// <summary>Real environment steps so far, random ones included.</summary>
    public int Step { get; set; }

    /// <summary>Policy updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>Steps of random exploration that the run begins with.</summary>
    public int FirstPolicyStep { get; set; }

    /// <summary>Real transitions that were no steps of this run.</summary>
    public long LoggedTransitions { get; set; }

    public void Save(IStateWriter to) => to.Add("values", Step, Updates, FirstPolicyStep, LoggedTransitions);

    public void Restore(IStateReader from)
    {
        var values = from.Integers("values");
        if (values is not [>= 0 and <= int.MaxValue and var step, >= 0 and var updates, >= 0 and <= int.MaxValue and var first, >= 0 and var logged])
            throw from.Damaged($"its counters [{Listed.Of(values)}] make no sense");
        (Step, Updates, FirstPolicyStep, LoggedTransitions) = ((int)step, updates, (int)first, logged);
    }
}
