using MbpoML.Planning;
using MbpoML.Saving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>What iCEM keeps from the step before: it goes on from the action that was taken, whichever that was.</summary>
public class KeptElitesTests
{
    private const int Rows = 2, Horizon = 4, Actions = 2;

    // An elite that was not carried out goes on from an action of its own, and its last action is drawn anew.
    [Test]
    public void They_keep_the_limit_of_the_change_after_the_action_that_was_taken()
    {
        const float Most = 0.1f;
        using var scope = NewDisposeScope();
        using var search = Search(Rows);
        Tensor? taken = null;
        var largest = 0f;
        Tensor Limited(Tensor sequences)
        {
            var limited = sequences.clone();
            for (var step = 0; step < Horizon; step++)
            {
                var before = step > 0 ? limited.select(2, step - 1) : taken?.unsqueeze(1);
                if (before is not null) limited.select(2, step).copy_(limited.select(2, step).minimum(before + Most).maximum(before - Most));
            }

            return limited;
        }

        var problem = new PlanningProblem(Rows, Horizon, Actions, sequences =>
        {
            var changes = sequences.diff(1, 2).abs().max().item<float>();
            var first = taken is null ? 0 : (sequences.select(2, 0) - taken.unsqueeze(1)).abs().max().item<float>();
            largest = Math.Max(largest, Math.Max(changes, first));
            return (sequences - 0.9f).abs().sum([2L, 3L]).neg();
        }, Limited);
        for (var step = 0; step < 3; step++)
        {
            // Noise takes it elsewhere than was planned.
            taken = search.Search(problem, new Generator((ulong)step)).Actions.select(1, 0) - 0.4f;
            search.Advance(1);
        }

        Assert.That(largest, Is.EqualTo(Most).Within(1e-6), "the limit was felt");
    }

    [Test]
    public void They_stay_what_they_are_where_nothing_limits_the_change()
    {
        using var scope = NewDisposeScope();
        using var search = Search(rows: 1);
        var tried = new List<Tensor>();
        var problem = new PlanningProblem(1, Horizon, Actions, sequences =>
        {
            tried.Add(sequences.clone().DetachFromDisposeScope());
            return (sequences - 0.5f).abs().sum([2L, 3L]).neg();
        });
        search.Search(problem, new Generator(1));
        using var memory = StateMemory.Of(search);
        var elites = memory.Tensor("elites");
        search.Advance(1);
        var iterations = tried.Count;
        search.Search(problem, new Generator(2));
        // They stand behind what is drawn.
        var first = tried[iterations];
        var kept = first.narrow(1, first.size(1) - elites.size(1), elites.size(1));
        Assert.That(elites.size(1), Is.EqualTo(3));
        Assert.That(kept.narrow(2, 0, Horizon - 1).Equals(elites.narrow(2, 1, Horizon - 1)), "bit for bit, moved on by a step");
        foreach (var sequences in tried) sequences.Dispose();
    }

    private static IActionSequenceSearch Search(int rows)
    {
        var search = new MLContext(seed: 1).Reinforcement().Planning.ImprovedCrossEntropy().CreateSearch(Horizon, Actions);
        search.Begin(rows);
        return search;
    }
}
