using MbpoML.Components;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo.Trust;

/// <summary>The policies that collected the transitions of a run, thinned out: each stands for those from its first transition to the next one's.</summary>
/// <remarks>
/// What came before the first, the random exploration and logged transitions, counts as the first one's: before its first update a policy acts nearly at
/// random.
/// </remarks>
internal sealed class PolicySnapshots(ComponentContext context) : IDisposable
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 32;

    private readonly List<(long First, PolicyTransformer Policy)> _all = [];

    /// <summary>The numbers of the transitions from which on each collected.</summary>
    public IEnumerable<long> Firsts => _all.Select(snapshot => snapshot.First);

    /// <summary>Remembers the policy that collects from now on.</summary>
    /// <param name="first">The number of transitions so far. One that was remembered at the same number is replaced.</param>
    /// <param name="policy">Copied.</param>
    public void Remember(long first, IPolicyLearner policy)
    {
        if (_all.Count > 0 && _all[^1].First == first) RemoveAt(_all.Count - 1);
        _all.Add((first, policy.ToTransformer()));
        if (_all.Count > Most) Thin();
    }

    /// <summary>The mean distance (<see cref="PolicyShift.MeanTotalVariation"/>) of the last policy from those that collected some states.</summary>
    /// <param name="observations">[rows, observation]</param>
    /// <param name="numbers">The rows of the states, at least one.</param>
    /// <param name="oldest">The number of the transition in row 0.</param>
    public double MeanShift(Tensor observations, long[] numbers, long oldest)
    {
        var sum = 0.0;
        foreach (var states in numbers.GroupBy(number => CollectorOf(oldest + number)))
        {
            using var scope = NewDisposeScope();
            long[] rows = [.. states];
            sum += rows.Length * PolicyShift.Measure(_all[^1].Policy, _all[states.Key].Policy, observations.index_select(0, tensor(rows))).MeanTotalVariation;
        }

        return sum / numbers.Length;
    }

    public void Save(IStateWriter to)
    {
        to.Add("snapshots", _all.Select(snapshot => snapshot.First).ToArray());
        using var scope = NewDisposeScope();
        to.Add("policies", _all.Count == 0 ? zeros(0, 0) : stack(_all.Select(snapshot => tensor(Numbers(snapshot.Policy.Parameters)))));
    }

    /// <param name="from">The source of the values.</param>
    /// <param name="shape">A policy of the same shape.</param>
    /// <param name="transitions">Those so far.</param>
    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    public void Restore(IStateReader from, ActorParameters shape, long transitions)
    {
        using var scope = NewDisposeScope();
        var (firsts, policies) = (from.Integers("snapshots"), from.Tensor("policies"));
        var size = Numbers(shape).Length;
        if (firsts.Length > Most || firsts.Any(first => first < 0 || first > transitions) || firsts.Zip(firsts.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw from.Damaged($"the policies that collected the transitions begin at [{Listed.Of(firsts)}]");
        if (policies.dtype != ScalarType.Float32 || policies.dim() != 2 || policies.size(0) != firsts.Length || (firsts.Length > 0 && policies.size(1) != size))
            throw from.Damaged("the policies that collected the transitions are of another shape");
        var values = firsts.Length == 0 ? [] : policies.data<float>().ToArray();
        if (!values.All(float.IsFinite)) throw from.Damaged("a policy that collected the transitions is not finite");
        Dispose();
        for (var index = 0; index < firsts.Length; index++)
            _all.Add((firsts[index], new PolicyTransformer(context, With(shape, values.AsSpan(index * size, size)))));
    }

    public void Dispose()
    {
        foreach (var (_, policy) in _all) policy.Dispose();
        _all.Clear();
    }

    private int CollectorOf(long transition) => Math.Max(0, _all.FindLastIndex(snapshot => snapshot.First <= transition));

    // The one whose removal leaves the smallest gap, but neither the first nor the last.
    private void Thin() => RemoveAt(Enumerable.Range(1, _all.Count - 2).MinBy(index => _all[index + 1].First - _all[index - 1].First));

    private void RemoveAt(int index)
    {
        _all[index].Policy.Dispose();
        _all.RemoveAt(index);
    }

    private static float[] Numbers(ActorParameters actor) => [.. actor.Weights.Concat(actor.Biases).SelectMany(values => values)];

    private static ActorParameters With(ActorParameters shape, ReadOnlySpan<float> numbers)
    {
        var (parts, at) = (new List<float[]>(), 0);
        foreach (var part in shape.Weights.Concat(shape.Biases))
        {
            parts.Add(numbers.Slice(at, part.Length).ToArray());
            at += part.Length;
        }

        return shape with { Weights = [.. parts.Take(shape.Weights.Count)], Biases = [.. parts.Skip(shape.Weights.Count)] };
    }
}
