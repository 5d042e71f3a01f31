using MbpoML.Data;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests;

/// <summary>Logs of runs whose environments stepped at once.</summary>
public class InterleavedLogTests
{
    // Each row counted as an episode: returns, starts and held-out episodes were those of single steps.
    [Test]
    public void Their_rows_are_put_together_by_episode()
    {
        using var log = LineLog.Read(LineLog.Of(episodes: 6, gain: 0.5, noise: 0.3));
        using var scope = NewDisposeScope();
        var numbers = EpisodeNumbers.Of(log.Layout, log.Rows).data<long>().ToArray();
        // In turn, as two environments would have made them: the first three episodes by the one, the others by the other.
        long[][] halves = [.. new[] { false, true }.Select(later => Rows(row => numbers[row] >= 3 == later))];
        var steps = Enumerable.Range(0, halves.Max(half => half.Length));
        long[] turns = [.. steps.SelectMany(step => halves.Where(half => step < half.Length).Select(half => half[step]))];
        var rows = log.Rows.index_select(0, tensor(turns));
        using var read = LineLog.Read(new MLContext(1).Reinforcement().Data.FromTransitions(Transitions(log.Layout, rows)));
        var found = EpisodeNumbers.Of(read.Layout, read.Rows).data<long>().ToArray();
        Assert.That(Lengths(found), Is.EqualTo(Lengths(numbers)));
        Assert.That(EpisodeNumbers.Of(log.Layout, rows).data<long>().ToArray()[^1], Is.GreaterThan(5), "as they came they were no episodes");

        static IEnumerable<int> Lengths(long[] numbers) => numbers.CountBy(number => number).Select(count => count.Value).Order();
        long[] Rows(Func<int, bool> of) => [.. Enumerable.Range(0, numbers.Length).Where(of).Select(row => (long)row)];
    }

    private static IEnumerable<Transition> Transitions(TransitionLayout layout, Tensor rows) =>
        Enumerable.Range(0, (int)rows.size(0)).Select(row => rows.narrow(0, row, 1)).Select(row => new Transition
        {
            Observation = layout.Observation(row).contiguous().data<float>().ToArray(),
            Action = layout.Action(row).contiguous().data<float>().ToArray(),
            Reward = layout.Reward(row).item<float>(),
            NextObservation = layout.NextObservation(row).contiguous().data<float>().ToArray(),
            Terminated = layout.Terminated(row).item<float>() > 0.5f,
            Truncated = layout.Truncated(row).item<float>() > 0.5f,
        });
}
