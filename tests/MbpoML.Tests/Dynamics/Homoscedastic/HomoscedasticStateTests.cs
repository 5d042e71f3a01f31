using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Numerics;
using MbpoML.Saving;
using static MbpoML.Tests.Dynamics.Homoscedastic.HomoscedasticSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

public class HomoscedasticStateTests
{
    [TestCase(Acceleration.Auto)]
    [TestCase(Acceleration.Reference)]
    public void Equal_seeds_give_equal_models_bit_for_bit_and_others_do_not(Acceleration acceleration)
    {
        float[] Fitted(int seed)
        {
            using var learner = new HomoscedasticLearner(Layout, Small(acceleration: acceleration), seed);
            Fit(learner, 100);
            Fit(learner, 200);
            return Parameters(learner);
        }

        var (first, again, other) = (Fitted(1), Fitted(1), Fitted(2));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [TestCase(true, 1, null)]
    [TestCase(false, 2, null)]
    [TestCase(true, 1, 1)]
    public void A_series_of_fits_goes_on_from_a_saved_state_bit_for_bit(bool keeps, int workers, int? patience)
    {
        HomoscedasticLearner Learner(int seed)
        {
            var options = Small(3, workers: workers);
            (options.KeepOptimizerState, options.HoldoutRatio, options.Patience, options.HoldoutInterval) = (keeps, 0.2, patience, 10);
            return new HomoscedasticLearner(Layout, options, seed);
        }

        using var whole = Learner(1);
        Fit(whole, 100);
        Fit(whole, 150);
        using var state = StateMemory.Of(whole);
        // Another seed: everything that counts comes from the state, also who is held out.
        using var resumed = Learner(2);
        state.RestoreTo(resumed);
        foreach (var count in (int[])[200, 260])
            Assert.That(Fit(resumed, count), Is.EqualTo(Fit(whole, count)));
        Assert.That(Parameters(resumed), Is.EqualTo(Parameters(whole)));
        Assert.That(Moments(resumed), Is.EqualTo(Moments(whole)));
    }

    [Test]
    public void A_state_before_the_first_fit_is_one_too()
    {
        using var whole = new HomoscedasticLearner(Layout, Small(), 1);
        using var state = StateMemory.Of(whole);
        using var resumed = new HomoscedasticLearner(Layout, Small(), 2);
        state.RestoreTo(resumed);
        Assert.That(() => resumed.Model, Throws.InvalidOperationException);
        Assert.That(Fit(resumed, 100), Is.EqualTo(Fit(whole, 100)));
    }

    [TestCase("weights", "missing")]
    [TestCase("noise/second-moment", "missing")]
    [TestCase("fits", "negative")]
    [TestCase("row-seed", "negative")]
    [TestCase("weights/step-count", "negative")]
    [TestCase("random-state", "zeros")]
    [TestCase("random-state", "short")]
    [TestCase("target-scale/mean", "short")]
    public void A_damaged_state_is_refused_and_changes_nothing(string name, string how)
    {
        using var learner = new HomoscedasticLearner(Layout, Small(), 1);
        Fit(learner, 100);
        using var state = StateMemory.Of(learner);
        using var other = new HomoscedasticLearner(Layout, Small(), 2);
        Fit(other, 120);
        var before = Parameters(other);
        state.Replace(name, how switch
        {
            "missing" => null,
            "negative" => tensor([-1L]),
            "zeros" => zeros(16, int64),
            _ => state.Tensor(name).view(-1).narrow(0, 0, 2).clone(),
        });
        Assert.That(() => state.RestoreTo(other), Throws.TypeOf<CheckpointException>().With.Message.Contains(name));
        Assert.That(Parameters(other), Is.EqualTo(before));
    }

    private static float[] Moments(HomoscedasticLearner learner) =>
        [.. Floats(learner.State.Weights.FirstMoment), .. Floats(learner.State.Weights.SecondMoment), .. Floats(learner.State.Noise.FirstMoment),
            .. Floats(learner.State.Noise.SecondMoment)];
}
