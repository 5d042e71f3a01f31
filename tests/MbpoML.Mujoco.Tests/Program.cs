// What some tests need a process of their own for.
//
//     MbpoML.Mujoco.Tests picture Hopper      draws a task and tells how
//     MbpoML.Mujoco.Tests unstable            runs into an unstable simulation
//     MbpoML.Mujoco.Tests load                loads MuJoCo and tells which
using MbpoML.Mujoco;
using MbpoML.Mujoco.Tests;

try
{
    Console.Write(args switch
    {
        ["picture", var name] => PictureOf(name),
        ["unstable"] => Unstable(),
        ["load"] => MujocoRuntime.Release,
        _ => throw new ArgumentException($"There is no verb '{string.Join(' ', args)}'."),
    });
    return 0;
}
catch (Exception exception) when (exception is PlatformNotSupportedException or MujocoException)
{
    Console.Write(exception.Message);
    return 1;
}

static string PictureOf(string name)
{
    using var environment = MujocoTasks.Named(name).Create();
    using var renderer = environment.CreateRenderer(Picture.Width, Picture.Height);
    environment.Reset(1, new double[environment.ObservationSpace.Size]);
    return $"{renderer.Backend}: {Picture.Of(renderer).ColoredPixels} pixels";
}

static string Unstable()
{
    using var model = MujocoModel.FromText(SmallModels.Unstable);
    using var environment = new CustomMujocoEnvironment(model, new CustomMujocoEnvironment.Options { Reward = _ => 0 });
    var observation = new double[environment.ObservationSpace.Size];
    environment.Reset(1, observation);
    for (var step = 0; step < 1000; step++) environment.Step([1.0], observation);
    return "stable";
}
