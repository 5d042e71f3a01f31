using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Environments.Tasks;
using Microsoft.ML;

namespace MbpoML.Tests.Catalog;

public class EnvironmentCatalogTests
{
    [Test]
    public void Makes_the_four_tasks()
    {
        var catalog = new EnvironmentCatalog(new ComponentContext(new MLContext(1)));
        using var pendulum = catalog.Pendulum(knownReward: true);
        using var car = catalog.MountainCarContinuous();
        using var cartPole = catalog.CartPoleContinuous();
        using var swingUp = catalog.CartPoleSwingUp();
        AnalyticEnvironment[] tasks = [pendulum, car, cartPole, swingUp];
        Assert.That(tasks.Select(task => task.ObservationSpace.Size), Is.EqualTo(new[] { 3, 2, 4, 5 }));
        Assert.That(tasks.Select(task => task.ActionSpace.High[0]), Is.EqualTo(new[] { 2.0, 1, 1, 10 }));
        Assert.That(pendulum.Reward, Is.Not.Null);
    }
}
