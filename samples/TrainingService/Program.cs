// A hosted service that trains in the background, goes on after a stop, and serves the policy of the newest checkpoint over HTTP meanwhile.
//
//     dotnet run -c Release --project samples/TrainingService [-- --urls http://127.0.0.1:5080 --folder runs/service --steps 3000]
using TrainingService;

await ServiceHost.Build(args).RunAsync();
