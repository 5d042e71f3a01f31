using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using LineEnvironment = MbpoML.Tests.Fakes.LineEnvironment;

namespace MbpoML.Tests.Environments;

/// <summary>Names of dimensions: given once by the environment, and used wherever a dimension is told of.</summary>
public class BoxSpaceTests
{
    [Test]
    public void Named_dimensions_are_the_same_box()
    {
        var space = new BoxSpace([-1, 0], [1, double.PositiveInfinity]);
        var named = space.Named("angle", "height");
        Assert.Multiple(() =>
        {
            Assert.That(space.Names, Is.Null);
            Assert.That(named.Names, Is.EqualTo(new[] { "angle", "height" }));
            Assert.That((named.Low, named.High), Is.EqualTo((space.Low, space.High)));
            Assert.That((space.Tell("observation", 1), named.Tell("observation", 1)), Is.EqualTo(("observation 1", "observation 1 (height)")));
        });
    }

    [Test]
    public void Wrappers_keep_the_names()
    {
        using var pendulum = new PendulumEnvironment().WithRescaledActions().WithTimeLimit(10);
        Assert.That(pendulum.ObservationSpace.Names, Is.EqualTo(new[] { "cosine", "sine", "angular velocity" }));
        Assert.That(pendulum.ActionSpace.Names, Is.EqualTo(new[] { "torque" }));
    }

    [Test]
    public void A_fault_names_the_dimension()
    {
        using var environment = new CheckedEnvironment(new Nan());
        Assert.That(() => environment.Reset(1, new double[1]),
            Throws.TypeOf<EnvironmentException>().With.Message.Contains("dimension 0 (place) of the observation is NaN"));
    }

    private sealed class Nan() : EnvironmentWrapper(new LineEnvironment())
    {
        public override BoxSpace ObservationSpace => BoxSpace.Unbounded(1).Named("place");

        public override void Reset(int seed, Span<double> observation) => observation[0] = double.NaN;
    }
}
