using MbpoML.Numerics;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>How far a run is within one step: a run that was stopped in the middle goes on behind what it had done.</summary>
/// <remarks>A step is a series of parts, always the same ones in the same order. A part that was done before the stop is passed over.</remarks>
internal sealed class StepCursor : ISaved
{
    // More than any step has.
    private const int MostParts = 1000;

    private int _done;
    private int _at;
    // Of the part that repeats; null where it was not begun.
    private int? _left;

    public string Name => "step";

    /// <summary>The parts of this step that are done.</summary>
    public int Done => _done;

    /// <summary>Whether a part of the step is done, or was begun.</summary>
    public bool IsBegun => _done > 0 || _left is not null;

    /// <summary>Begins a step, or goes on with one that was stopped.</summary>
    public void Begin() => _at = 0;

    /// <summary>Does a part that was not done yet.</summary>
    public void Part(Action work)
    {
        if (_at++ < _done) return;
        work();
        _done = _at;
    }

    /// <summary>Does a part that is so many repetitions of the same, as far as they are not done yet.</summary>
    /// <param name="count">The repetitions of the whole part.</param>
    /// <param name="work">Receives the number of repetitions that are left, this one included.</param>
    /// <param name="after">Ends the part.</param>
    public void Repeat(int count, Action<int> work, Action after)
    {
        if (_at++ < _done) return;
        var left = Math.Min(_left ?? count, count);
        for (_left = left; left > 0; _left = --left) work(left);
        after();
        (_left, _done) = (null, _at);
    }

    /// <summary>The step is over.</summary>
    public void End() => _done = 0;

    public void Save(IStateWriter to) => to.Add("position", _done, _left ?? -1);

    public void Restore(IStateReader from)
    {
        var position = from.Integers("position");
        if (position is not [>= 0 and <= MostParts and var done, >= -1 and <= int.MaxValue and var left])
            throw from.Damaged($"its place within a step is [{Listed.Of(position)}]");
        (_done, _left) = ((int)done, left < 0 ? null : (int)left);
    }
}
