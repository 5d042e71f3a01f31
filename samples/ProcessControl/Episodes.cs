using MbpoML.Environments;

namespace ProcessControl;

/// <summary>Runs whole episodes from given starts.</summary>
internal static class Episodes
{
    /// <summary>The mean return over as many episodes, whose seeds follow one another: equal seeds give every controller equal episodes.</summary>
    public static double MeanReturn(IEnvironment environment, IController controller, int firstSeed, int count)
    {
        var observation = new double[environment.ObservationSpace.Size];
        var action = new double[environment.ActionSpace.Size];
        var total = 0.0;
        for (var episode = 0; episode < count; episode++)
        {
            environment.Reset(firstSeed + episode, observation);
            controller.Start();
            for (var isOver = false; !isOver;)
            {
                controller.Act(observation, action);
                var result = environment.Step(action, observation);
                total += result.Reward;
                isOver = result.Done;
            }
        }

        return total / count;
    }
}
