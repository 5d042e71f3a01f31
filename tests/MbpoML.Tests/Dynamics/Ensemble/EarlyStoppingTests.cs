using MbpoML.Dynamics.Ensemble;

namespace MbpoML.Tests.Dynamics.Ensemble;

public class EarlyStoppingTests
{
    [Test]
    public void Each_member_keeps_its_own_best_epoch()
    {
        var stopping = new EarlyStopping(2, 0.01, 5);
        Assert.That(stopping.Observe(0, [1.0, 2.0]), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(stopping.Observe(1, [0.5, 3.0]), Is.EqualTo(new[] { 0 }));
        Assert.That(stopping.Observe(2, [0.6, 1.0]), Is.EqualTo(new[] { 1 }));
        Assert.That(stopping.BestEpochs, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(stopping.BestLosses, Is.EqualTo(new[] { 0.5, 1.0 }));
    }

    [Test]
    public void It_stops_after_more_epochs_than_the_patience_in_which_no_member_improved()
    {
        var stopping = new EarlyStopping(2, 0.01, 5);
        stopping.Observe(0, [1, 1]);
        for (var epoch = 1; epoch <= 5; epoch++) stopping.Observe(epoch, [1, 1]);
        Assert.That(stopping.ShouldStop, Is.False);
        stopping.Observe(6, [1, 0.98]);
        Assert.That(stopping.ShouldStop, Is.False, "one member improved, so counting starts again");
        for (var epoch = 7; epoch <= 12; epoch++) stopping.Observe(epoch, [1, 1]);
        Assert.That(stopping.ShouldStop, Is.True);
    }

    [Test]
    public void An_improvement_must_exceed_the_threshold()
    {
        var stopping = new EarlyStopping(1, 0.01, 5);
        stopping.Observe(0, [1.0]);
        Assert.That(stopping.Observe(1, [0.991]), Is.Empty);
        Assert.That(stopping.Observe(2, [0.989]), Is.EqualTo(new[] { 0 }));
    }

    // A hundredth of 0.25 is 0.0025.
    [TestCase(0.248, false)]
    [TestCase(0.247, true)]
    public void An_improvement_is_a_share_of_the_best_loss(double loss, bool improves)
    {
        var stopping = new EarlyStopping(1, 0.01, 5);
        stopping.Observe(0, [0.25]);
        Assert.That(stopping.Observe(1, [loss]), Has.Count.EqualTo(improves ? 1 : 0));
    }

    [Test]
    public void An_improvement_as_large_as_the_threshold_is_none()
    {
        var stopping = new EarlyStopping(1, 0.5, 5);
        stopping.Observe(0, [1.0]);
        Assert.That(stopping.Observe(1, [0.5]), Is.Empty);
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_never_counts(double loss)
    {
        var stopping = new EarlyStopping(1, 0.01, 0);
        Assert.That(stopping.Observe(0, [loss]), Is.Empty);
        Assert.That(stopping.BestEpochs, Is.EqualTo(new[] { -1 }));
        Assert.That(stopping.ShouldStop, Is.True);
    }

    [Test]
    public void The_first_finite_loss_counts_however_large() => Assert.That(new EarlyStopping(1, 0.01, 5).Observe(0, [1e12]), Is.EqualTo(new[] { 0 }));
}
