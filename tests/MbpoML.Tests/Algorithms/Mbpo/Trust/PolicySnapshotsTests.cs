using MbpoML.Algorithms.Mbpo.Trust;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Policies;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo.Trust;

public class PolicySnapshotsTests
{
    private static readonly ComponentContext Context = new(new MLContext(seed: 1));

    [Test]
    public void States_are_compared_with_the_policy_that_collected_them()
    {
        using var snapshots = new PolicySnapshots(Context);
        snapshots.Remember(10, new Stub(mean: 0));
        snapshots.Remember(20, new Stub(mean: 0.5f));
        snapshots.Remember(30, new Stub(mean: 0.4f));
        using var observations = zeros(40, 1);
        // Unit variances: D_KL = distance² / 2, and Pinsker's bound half the distance.
        double Shift(params long[] transitions) => snapshots.MeanShift(observations, transitions, oldest: 0);
        Assert.Multiple(() =>
        {
            Assert.That(Shift(12), Is.EqualTo(0.2).Within(1e-6));
            Assert.That(Shift(20), Is.EqualTo(0.05).Within(1e-6));
            Assert.That(Shift(35), Is.EqualTo(0).Within(1e-6));
            Assert.That(Shift(3), Is.EqualTo(0.2).Within(1e-6), "what came before the first policy counts as its");
            Assert.That(Shift(12, 20, 35, 3), Is.EqualTo(0.45 / 4).Within(1e-6));
            Assert.That(snapshots.MeanShift(observations, [2], oldest: 18), Is.EqualTo(0.05).Within(1e-6), "rows that left the pool shift the numbers");
        });
    }

    [Test]
    public void The_first_and_the_newest_stay_and_those_between_are_thinned_evenly()
    {
        using var snapshots = new PolicySnapshots(Context);
        for (var first = 0; first <= 20_000; first += 10) snapshots.Remember(first, new Stub(mean: 0));
        long[] firsts = [.. snapshots.Firsts];
        Assert.That(firsts, Has.Length.EqualTo(PolicySnapshots.Most));
        Assert.That((firsts[0], firsts[^1]), Is.EqualTo((0L, 20_000L)));
        Assert.That(firsts.Zip(firsts.Skip(1), (one, next) => next - one).Max(), Is.LessThanOrEqualTo(4 * 20_000 / PolicySnapshots.Most));
    }

    [Test]
    public void One_that_is_remembered_again_replaces_itself()
    {
        using var snapshots = new PolicySnapshots(Context);
        snapshots.Remember(5, new Stub(mean: 0));
        snapshots.Remember(5, new Stub(mean: 3));
        Assert.That(snapshots.Firsts, Is.EqualTo([5L]));
    }

    private sealed class Stub(float mean) : IPolicyLearner
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -1, 1);

        public PolicyTransformer ToTransformer() => new(Context, new ActorParameters(1, ActionSpace, [new float[2]], [[mean, 0]], (-20, 2)));

        public Tensor Act(Tensor observation) => throw new NotSupportedException();

        public Tensor Sample(Tensor observation, Generator generator) => throw new NotSupportedException();

        public void Update(Tensor rows) => throw new NotSupportedException();

        public IReadOnlyDictionary<string, double> TakeMetrics() => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
