using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>Which member imagines which row.</summary>
public class BalancedDrawTests
{
    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Members_share_the_rows_evenly_and_a_row_meets_all_of_them(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, [6], acceleration), Layout);
        RewardWithTheirNumbers(learner);
        using var generator = new Generator(1);
        // More members would get too few rows, as products of few rows wait for the weights.
        const int Batch = 130, Draws = 800;
        var seen = new int[Batch, 4];
        for (var draw = 0; draw < Draws; draw++)
        {
            var members = DrawnMembers(learner, Batch, generator);
            Assert.That(members.CountBy(member => member).Select(of => of.Value), Is.All.InRange(32, 33));
            for (var row = 0; row < Batch; row++) seen[row, members[row]]++;
        }

        // A quarter of the draws each: five standard deviations are 61.
        Assert.That(seen.Cast<int>(), Is.All.EqualTo(Draws / 4).Within(61));
    }

    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Few_rows_meet_some_of_the_members_and_over_time_all(Acceleration acceleration)
    {
        using var scope = NewDisposeScope();
        using var learner = Prepared(Small(4, [6], acceleration), Layout);
        RewardWithTheirNumbers(learner);
        using var generator = new Generator(1);
        foreach (var (batch, blocks) in ((int, int[])[])[(1, [1]), (63, [63]), (64, [32, 32]), (100, [33, 33, 34]), (128, [32, 32, 32, 32])])
        {
            var seen = new int[4];
            for (var draw = 0; draw < 400; draw++)
            {
                var members = DrawnMembers(learner, batch, generator);
                Assert.That(members.CountBy(member => member).Select(of => of.Value).Order(), Is.EqualTo(blocks), $"{batch} rows");
                seen[members[0]]++;
            }

            // A quarter of the draws each: five standard deviations are 43.
            Assert.That(seen, Is.All.EqualTo(100).Within(43), $"{batch} rows");
        }
    }

    // What comes out then tells the member.
    private static void RewardWithTheirNumbers(HomoscedasticLearner learner)
    {
        var network = learner.Ensemble.Network;
        network.Flat.zero_();
        for (var member = 0; member < learner.Ensemble.EliteCount; member++) network.Flat[member][network.Shape.BiasOffset(1)].fill_(member);
    }

    // The member that imagined each row.
    private static int[] DrawnMembers(HomoscedasticLearner learner, int rows, Generator generator)
    {
        var scale = learner.Ensemble.Codec.Scale!;
        var (mean, deviation) = (scale.Mean[0, 0].item<float>(), scale.Deviation[0, 0].item<float>());
        using var sample = learner.Ensemble.Sample(zeros(rows, 3), zeros(rows, 2), generator);
        return [.. sample.Reward.data<float>().ToArray().Select(reward => (int)Math.Round((reward - mean) / deviation))];
    }
}
